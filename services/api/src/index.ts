export { createApi, type Api, type ApiConfig, type ApiDeps } from './app.ts';
export { demoApplicationId } from './demo/demoApplication.ts';
export { demoSchema, type Demo } from './demo/demoSchema.ts';
export { ensureDemo, type EnsureDemoOptions } from './demo/ensureDemo.ts';
export { standardRetention, type JobServices, type Retention } from './jobs/Job.ts';
export { startJobs, type Jobs, type StartJobsOptions } from './jobs/startJobs.ts';
