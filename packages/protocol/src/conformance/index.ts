export type { ConformanceCase } from './ConformanceCase.ts';
export { NonConformance } from './expectations.ts';
export type { ConnectOptions, RoomOptions, ServerConnection, ServerDriver } from './server/ServerDriver.ts';
export { serverCases } from './server/serverCases.ts';
export type {
  AcceptConnection,
  ClientDriver,
  ClientSocket,
  ClientUnderTest,
  ClientView,
  TakeRequest,
} from './client/ClientDriver.ts';
export { clientCases } from './client/clientCases.ts';
