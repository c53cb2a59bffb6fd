/**
 * Tries browser, devices, the ways to the server and the bandwidth before a call: `startPreCallTest(client)`.
 *
 * @module
 */
export { startPreCallTest } from './startPreCallTest.ts';
export type {
  Bandwidth,
  BandwidthFigure,
  BrowserSupport,
  CallMediaStatistics,
  DeviceEnumeration,
  InCallDiagnostics,
  LoopQuality,
  LoopStatistics,
  PreCallCause,
  PreCallDeviceAccess,
  PreCallQuality,
  PreCallStage,
  PreCallTest,
  PreCallTestOptions,
  Reachability,
  WayReachability,
} from './precallTypes.ts';
