export { createApi, type Api, type ApiConfig, type ApiDeps } from './app.ts';
export { demoSchema, type Demo } from './demo/demoSchema.ts';
export { ensureDemo, type EnsureDemoOptions } from './demo/ensureDemo.ts';
