export { freePort } from './freePort.ts';
export { Relay } from './Relay.ts';
export { createTestDatabase, type TestDatabase } from './testDatabase.ts';
export { TestRedis } from './TestRedis.ts';
