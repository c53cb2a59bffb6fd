import type { Admission } from '@parley/backplane';
import type { Database } from '@parley/db';
import { systemClock, type Clock } from '@parley/kit';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { publishAll } from './admission/publishAll.ts';
import type { ApiContext } from './context.ts';
import type { Demo } from './demo/demoSchema.ts';
import { guestSessionRoutes } from './guestSessions/routes.ts';
import { healthRoutes, type Readiness } from './health/routes.ts';
import { accessLog } from './middleware/accessLog.ts';
import { crossOrigin } from './middleware/crossOrigin.ts';
import { Drain } from './middleware/Drain.ts';
import { nothingHere, problemHandler } from './middleware/problems.ts';
import { securityHeaders } from './middleware/securityHeaders.ts';
import { oauthRoutes } from './oauth/routes.ts';
import { createKeyGuard } from './requests/keyGuard.ts';
import { createLimits, type Limit, type LimitName } from './requests/limits.ts';
import { createOriginPolicy } from './requests/origin.ts';
import { roomRoutes } from './rooms/routes.ts';
import { Passwords } from './security/Passwords.ts';
import { jwksRoutes } from './tokens/jwksRoutes.ts';
import { openSigningKeys } from './tokens/signingKeys.ts';
import { userRoutes } from './users/routes.ts';
import { pageRoutes } from './web/pageRoutes.ts';
import { sdkRoutes } from './web/sdkRoutes.ts';
import { webConfigRoutes } from './web/webConfigRoutes.ts';

export interface ApiConfig {
  /** URL the world sees: issuer of every token, base of every link. */
  publicUrl: string;
  /** The SDK's bundle, one file; its source map lies beside it. */
  sdkBundlePath: string;
  /** Folder of the built meeting page. */
  webRoot: string;
  /** Addresses and subnets whose `X-Forwarded-For` names the client that the limits count. */
  trustedProxies?: readonly string[];
  /** Replaces defaults. */
  limits?: Partial<Record<LimitName, Limit>>;
}

export interface ApiDeps {
  config: ApiConfig;
  database: Database;
  admission: Admission;
  /** Asked by `/readyz` for what is not the api's own. */
  isReady: Readiness['isReady'];
  logger: Logger;
  /** Shown to the meeting page, passwords included: set on a developer's machine only. */
  demo?: Demo | undefined;
  clock?: Clock;
}

export interface Api {
  readonly app: Express;
  /** Answers what is under way and refuses the rest; the database may be closed afterwards. Idempotent. */
  close(): Promise<void>;
}

/** Builds the api on a migrated database, and publishes to `admission` all that the sfu needs to know. */
export async function createApi(deps: ApiDeps): Promise<Api> {
  const { config, demo } = deps;
  const context = await createContext(deps);
  const { publicUrl, logger, clock, database, signingKeys } = context;
  await publishAll(context);

  const enforceOrigin = createOriginPolicy(publicUrl);
  const guard = createKeyGuard(database, enforceOrigin);
  const drain = new Drain(clock);
  const app = express();
  app.set('trust proxy', [...(config.trustedProxies ?? [])]);

  app.use(securityHeaders(publicUrl), accessLog(logger, clock), drain.middleware);
  app.use('/v1', crossOrigin(), neverCached);

  app.use(healthRoutes({ database, isReady: deps.isReady }));
  app.use(jwksRoutes(signingKeys));
  app.use(oauthRoutes(context, enforceOrigin));
  app.use(guestSessionRoutes(context, enforceOrigin));
  app.use(userRoutes(context, guard));
  app.use(roomRoutes(context, guard));
  app.use(sdkRoutes(config.sdkBundlePath));
  app.use(webConfigRoutes(demo, publicUrl));
  app.use(pageRoutes(config.webRoot));

  app.use(nothingHere);
  app.use(problemHandler(logger));

  return { app, close: () => drain.close() };
}

async function createContext(deps: ApiDeps): Promise<ApiContext> {
  const { config, database, admission, logger, clock = systemClock } = deps;

  return {
    publicUrl: config.publicUrl.replace(/\/+$/, ''),
    database,
    admission,
    signingKeys: await openSigningKeys(database),
    passwords: await Passwords.create(),
    limits: createLimits(config.limits),
    clock,
    logger,
  };
}

const neverCached: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
