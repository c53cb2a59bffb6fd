import type { Backplane } from '@parley/backplane';
import { poolUsage, type Database } from '@parley/db';
import { systemClock, type Clock } from '@parley/kit';
import { createSessionVerifier } from '@parley/tokens';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { publishAll } from './admission/publishAll.ts';
import { CallRecorder } from './calls/CallRecorder.ts';
import type { ApiContext } from './context.ts';
import type { Demo } from './demo/demoSchema.ts';
import { healthRoutes, type Readiness } from './health/routes.ts';
import type { JobServices } from './jobs/Job.ts';
import { ApiMetrics } from './metrics/ApiMetrics.ts';
import { measureRequests } from './metrics/measureRequests.ts';
import { accessLog } from './middleware/accessLog.ts';
import { crossOrigin } from './middleware/crossOrigin.ts';
import { Drain } from './middleware/Drain.ts';
import { nothingHere, problemHandler } from './middleware/problems.ts';
import { securityHeaders } from './middleware/securityHeaders.ts';
import { undeclaredProxy } from './middleware/undeclaredProxy.ts';
import { oauthRoutes } from './oauth/routes.ts';
import { docsRoutes } from './openApi/docs/docsRoutes.ts';
import { sdkReferenceRoutes } from './openApi/docs/sdkReferenceRoutes.ts';
import { openApiRoutes } from './openApi/openApiRoutes.ts';
import type { Gate } from './operations/receive.ts';
import { operationRoutes } from './operations/routes.ts';
import { createAuthenticate } from './principals/authenticate.ts';
import { KeyRing } from './principals/KeyRing.ts';
import { createOriginPolicy } from './requests/origin.ts';
import { RequestLimits } from './requests/RequestLimits.ts';
import { Passwords } from './security/Passwords.ts';
import { Vault } from './security/Vault.ts';
import { jwksRoutes } from './signingKeys/jwksRoutes.ts';
import { SigningKeys } from './signingKeys/SigningKeys.ts';
import { TokenRecorder } from './tokens/TokenRecorder.ts';
import { Transactions } from './transactions/Transactions.ts';
import { traceRequests } from './tracing/traceRequests.ts';
import { pageRoutes } from './web/pageRoutes.ts';
import { sdkRoutes } from './web/sdkRoutes.ts';
import { webConfigRoutes } from './web/webConfigRoutes.ts';

/** Generous for people behind one address, far too slow for guessing. */
const defaultAddressRequestsPerMinute = 3_000;

/** A script that sets up hundreds of applications passes; a loop that has gone wrong does not. */
const defaultOperatorRequestsPerMinute = 1_200;

export interface ApiConfig {
  /** URL the world sees: issuer of every token, base of every link. */
  publicUrl: string;
  /** The SDK's bundle, one file; its source map lies beside it. */
  sdkBundlePath: string;
  /** Folder of the built reference of the SDK. */
  sdkReferenceRoot: string;
  /** Folder of the built meeting page. */
  webRoot: string;
  /** Addresses and subnets whose `X-Forwarded-For` names the client that the limits count. */
  trustedProxies?: readonly string[];
  /** Requests a minute without a valid credential from one address; 3000 by default. */
  addressRequestsPerMinute?: number | undefined;
  /** Requests a minute with the operator key; 1200 by default. */
  operatorRequestsPerMinute?: number | undefined;
  /** How many connections `database` has; one application changes things on a third of them. */
  databaseConnections?: number | undefined;
}

export interface ApiDeps {
  config: ApiConfig;
  database: Database;
  /** Stays its maker's to close. */
  backplane: Backplane;
  /** 32 bytes; seals signing keys and kept secrets in the database. */
  masterKey: Uint8Array;
  /** Opens the operations on applications and signing keys; without one nobody can ask for them. */
  operatorKey?: string | undefined;
  /** Asked by `/readyz` for what is not the api's own. */
  isReady: Readiness['isReady'];
  logger: Logger;
  /** Where the api's metrics are collected from; nowhere by default. */
  metrics?: Registry | undefined;
  /** Shown to the meeting page, passwords included: set on a developer's machine only. */
  demo?: Demo | undefined;
  clock?: Clock;
}

export interface Api {
  readonly app: Express;
  /** What `startJobs` needs. */
  readonly jobServices: JobServices;
  /** Answers what is under way and refuses the rest; the database may be closed afterwards. Idempotent. */
  close(): Promise<void>;
}

/** Builds the api on a migrated database, and publishes to the backplane all that the sfu needs to know. */
export async function createApi(deps: ApiDeps): Promise<Api> {
  const { config, demo, backplane } = deps;
  const context = await createContext(deps);
  const { publicUrl, logger, clock, database, signingKeys, metrics } = context;
  await publishAll(context);

  const enforceOrigin = createOriginPolicy(publicUrl);
  const authenticate = createAuthenticate(context, deps.operatorKey);
  const gate: Gate = {
    authenticate,
    enforceOrigin,
    addressRequestsPerMinute: config.addressRequestsPerMinute ?? defaultAddressRequestsPerMinute,
    operatorRequestsPerMinute: config.operatorRequestsPerMinute ?? defaultOperatorRequestsPerMinute,
  };
  const drain = new Drain(clock);
  const app = express();
  app.set('trust proxy', [...(config.trustedProxies ?? [])]);

  app.use(
    securityHeaders(publicUrl),
    accessLog(logger, clock),
    measureRequests(metrics),
    traceRequests(),
    undeclaredProxy(logger),
    drain.middleware,
  );
  app.use('/v1', crossOrigin(), neverCached);

  app.use(healthRoutes({ database, backplane, isReady: deps.isReady }));
  app.use(jwksRoutes(signingKeys));
  app.use(oauthRoutes(context, gate));
  app.use(operationRoutes(context, gate));
  app.use(openApiRoutes(publicUrl), docsRoutes(publicUrl), sdkReferenceRoutes(config.sdkReferenceRoot));
  app.use(sdkRoutes(config.sdkBundlePath));
  app.use(webConfigRoutes(demo, publicUrl));
  app.use(pageRoutes(config.webRoot));

  app.use(nothingHere);
  app.use(problemHandler(logger, metrics));

  signingKeys.keepFresh();
  const callRecorder = new CallRecorder(context);

  return {
    app,
    jobServices: context,
    async close() {
      await drain.close();
      await callRecorder.close();
      await context.tokenRecorder.close();
      await context.transactions.close();
      await signingKeys.close();
    },
  };
}

async function createContext(deps: ApiDeps): Promise<ApiContext> {
  const { config, database, backplane, logger, clock = systemClock } = deps;
  const publicUrl = config.publicUrl.replace(/\/+$/, '');
  const vault = new Vault(deps.masterKey);
  const signingKeys = await SigningKeys.open({
    database,
    vault,
    clock,
    admission: backplane.admission,
    onError: (error) => logger.warn({ err: error }, 'signing keys not read'),
  });

  return {
    publicUrl,
    database,
    transactions: new Transactions({
      database,
      backplane,
      signingKeys,
      clock,
      logger,
      connections: config.databaseConnections,
    }),
    backplane,
    signingKeys,
    tokenRecorder: new TokenRecorder(database, clock),
    verify: createSessionVerifier({ issuer: publicUrl, publicKeys: (kid) => signingKeys.publicJwksFor(kid) }),
    keyRing: new KeyRing(database, clock, (error) => logger.warn({ err: error }, 'use of a key not written')),
    vault,
    passwords: await Passwords.create(clock),
    limits: new RequestLimits(),
    metrics: new ApiMetrics(deps.metrics ?? new Registry(), () => poolUsage(database)),
    clock,
    logger,
  };
}

const neverCached: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
