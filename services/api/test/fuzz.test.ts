import { randomInt } from 'node:crypto';
import { Agent, createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorTable } from '@parley/protocol';
import { operations, problemSchema, tokenErrorSchema } from '@parley/protocol/rest';
import * as fc from 'fast-check';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodesOf } from '../src/openApi/errorCodesOf.ts';
import {
  oauthRequest,
  operationRequest,
  strayRequest,
  type FuzzedRequest,
  type FuzzWorld,
} from './fuzzRequests.ts';
import { createTenant, type Tenant } from './tenant.ts';
import { startTestApi, type TestApi } from './testApi.ts';

/** The same requests every time, so that a change is judged by itself; PARLEY_FUZZ_SEED=random looks for others. */
const { PARLEY_FUZZ_SEED: asked = '20261121' } = process.env;
const seed = asked === 'random' ? randomInt(2 ** 31) : Number(asked);

/** The count of requests ends a run. This is for one that hangs: no machine is so busy. */
const timeout = 600_000;

/** Sent at a time, so that they meet each other. */
const atOnce = 8;

let api: TestApi;
let world: FuzzWorld;
let server: Server;
let agent: Agent;

beforeAll(async () => {
  api = await startTestApi({
    addressRequestsPerMinute: 10_000_000,
    operatorRequestsPerMinute: 10_000_000,
    trustedProxies: ['loopback'],
  });
  const [kept, spent] = [await createTenant(api), await createTenant(api)];
  await raiseLimits(kept);
  await raiseLimits(spent);
  world = { kept, spent, operatorKey: api.operatorKey };
  server = createServer(api.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  agent = new Agent({ keepAlive: true, maxSockets: atOnce });
});
afterAll(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await api.close();
});

describe(`whatever is sent (seed ${seed})`, () => {
  it('to the operations is carried out or refused as documented', { timeout }, async () => {
    await expectOfMany(operationRequest(world), 2_400, (sent, answer) => {
      if (answer.status < 400) {
        return [];
      }

      return [...faultsOfProblem(answer), ...faultsOfCode(sent, answer)];
    });
  });

  it('to anywhere else is refused as a problem document', { timeout }, async () => {
    await expectOfMany(strayRequest(), 600, (sent, answer) =>
      answer.status < 400 || sent.method === 'HEAD' ? [] : faultsOfProblem(answer),
    );
  });

  it("to the OAuth endpoints is refused in OAuth's shape", { timeout }, async () => {
    await expectOfMany(oauthRequest(world), 400, (_sent, answer) =>
      answer.status < 400 || tokenErrorSchema.strict().safeParse(parsed(answer)).success
        ? []
        : ['is no error of OAuth'],
    );
  });
});

it('metadata nested so deep that following it down exhausts the stack is refused', async () => {
  const answer = await send({
    method: 'POST',
    path: '/v1/users',
    headers: { 'Content-Type': 'application/json', Authorization: world.kept.key },
    body: `{"metadata":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`,
  });

  expect([answer.status, faultsOfProblem(answer)]).toEqual([400, []]);
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

type Judge = (sent: FuzzedRequest, answer: Answer) => readonly string[];

/** Fails with the smallest requests it finds that are answered with a fault. */
async function expectOfMany(
  requests: fc.Arbitrary<FuzzedRequest>,
  count: number,
  judge: Judge,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(requests, { minLength: atOnce, maxLength: atOnce }), async (batch) => {
      const found = await Promise.all(
        batch.map(async (sent) => {
          const answer = await send(sent);
          const faults = [...faultsOfAll(answer), ...judge(sent, answer)];

          return faults.length === 0 ? [] : [{ faults, sent, answer }];
        }),
      );

      expect(found.flat()).toEqual([]);
    }),
    {
      seed,
      numRuns: Math.ceil(count / atOnce),
    },
  );
}

/** What no answer may be, whatever it answers. */
function faultsOfAll({ status, text }: Answer): string[] {
  return [
    ...(status >= 500 ? ['is an error of the server'] : []),
    ...(/\n\s+at |node_modules|\.ts:\d|prisma|postgres/i.test(text) ? ['tells of the inside'] : []),
  ];
}

function faultsOfProblem(answer: Answer): string[] {
  const problem = problemSchema.strict().safeParse(parsed(answer));
  if (!problem.success || answer.headers['content-type'] !== 'application/problem+json') {
    return ['is no problem document'];
  }

  return errorTable[problem.data.code].status === answer.status ? [] : ['has another status than its code'];
}

function faultsOfCode({ name }: FuzzedRequest, answer: Answer): string[] {
  const problem = problemSchema.safeParse(parsed(answer));
  const codes = name === undefined ? [] : errorCodesOf(operations[name]);

  return problem.success && codes.includes(problem.data.code) ? [] : ['has a code that is not documented'];
}

function parsed({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send({ method, path, headers, body }: FuzzedRequest): Promise<Answer> {
  const { port } = server.address() as AddressInfo;

  return new Promise((resolve, reject) => {
    // Said always: without it Node sends the body of a GET so that it seems to be the next request.
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const options = { agent, port, host: '127.0.0.1', method, path, headers: { ...headers, ...length } };
    const outgoing = request(options, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function raiseLimits({ applicationId }: Tenant): Promise<void> {
  const much = 1_000_000;
  const limits = {
    requestsPerMinute: much,
    userRequestsPerMinute: much,
    signInsPerMinute: much,
    failedSignIns: much,
    visitorsPerMinute: much,
  };
  const answer = await supertest(api.app)
    .patch(`/v1/applications/${applicationId}`)
    .set('Authorization', api.operatorKey)
    .send({ limits });
  expect(answer.status).toBe(200);
}
