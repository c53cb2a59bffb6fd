import { webDemoSchema } from '@parley/protocol/rest';
import * as z from 'zod';

/** The demo application with its secrets, as `npm start` prints it and keeps it in a file. */
export const demoSchema = webDemoSchema.extend({
  url: z.url(),
  applicationId: z.string(),
  /** `pk_…`: names the application in public clients. */
  publicKey: z.string(),
  /** `key_…`: names the secret. */
  privateKey: z.string(),
  /** `sk_…`: the bearer key of the REST API. */
  secret: z.string(),
});

export type Demo = z.infer<typeof demoSchema>;
