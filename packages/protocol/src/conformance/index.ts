export type { ConformanceCase } from './ConformanceCase.ts';
export { NonConformance } from './expectations.ts';
export type { ConnectOptions, RoomOptions, ServerConnection, ServerDriver } from './server/ServerDriver.ts';
export { serverCases } from './server/serverCases.ts';
