import type { NodeCommand } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
  theirs = await api.createApplication();
});
afterAll(() => api.close());

const ask = (method: 'post' | 'delete', path: string, key = mine.key) =>
  request(api.app)[method](path).set('Authorization', key);

describe('a command to a live call', () => {
  const commands = [
    ['post', '/v1/calls/busy/end', { name: 'endCall' }],
    ['post', '/v1/calls/busy/participants/p1/mute', { name: 'muteParticipant', participantId: 'p1' }],
    ['delete', '/v1/calls/busy/participants/p1', { name: 'removeParticipant', participantId: 'p1' }],
  ] as const;
  const received: NodeCommand[] = [];
  let refusal: Error | undefined;
  /** What happens while the node is at it. */
  let meanwhile: ((command: NodeCommand) => Promise<void>) | undefined;

  beforeAll(async () => {
    const { applicationId } = mine;
    const { callDirectory, nodeCommands } = api.backplane;
    await callDirectory.put({ applicationId, callId: 'busy', nodeId: 'node-1', userIds: ['alice'] });
    await callDirectory.put({ applicationId, callId: 'orphan', nodeId: 'node-gone', userIds: [] });
    nodeCommands.handle('node-1', async (command) => {
      await meanwhile?.(command);
      if (refusal !== undefined) {
        throw refusal;
      }
      received.push(command);
    });
  });

  it.each(commands)(
    '%s %s is carried out by its node, and leaves an audit row',
    async (method, path, command) => {
      const answer = await ask(method, path);

      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(received.at(-1)).toEqual({ ...command, applicationId: mine.applicationId, callId: 'busy' });
      const row = await api.database.auditEntry.findFirst({ orderBy: { id: 'desc' } });
      expect(row).toMatchObject({ action: command.name, target: path.slice('/v1/'.length) });
    },
  );

  it.each(commands)(
    '%s %s answers what the node refuses, and is in the audit log as it was asked for',
    async (method, path, command) => {
      refusal = new ProtocolError('not_found', 'There is no such participant.');
      const rows = await api.database.auditEntry.count();

      const answer = await ask(method, path);
      refusal = undefined;

      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      expect(answer.body.detail).toBe('There is no such participant.');
      expect(await api.database.auditEntry.count()).toBe(rows + 1);
      const row = await api.database.auditEntry.findFirst({ orderBy: { id: 'desc' } });
      expect(row).toMatchObject({ action: command.name, target: path.slice('/v1/'.length) });
    },
  );

  it.each(commands)(
    '%s %s is on record before the node hears of it, and holds no connection while the node is slow',
    async (method, path, command) => {
      const seen: unknown[] = [];
      meanwhile = async () => {
        const row = await api.database.auditEntry.findFirst({ orderBy: { id: 'desc' } });
        const transactions = await api.database.$queryRaw<unknown[]>`
          SELECT query FROM pg_stat_activity
          WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
        seen.push({ target: row?.target, action: row?.action, transactions });
      };
      await api.database.auditEntry.deleteMany();

      const answer = await ask(method, path);
      meanwhile = undefined;

      expect(answer.status).toBe(204);
      expect(seen).toEqual([{ target: path.slice('/v1/'.length), action: command.name, transactions: [] }]);
    },
  );

  it.each(commands)('%s %s does not find a call that is not live', async (method, path) => {
    const answer = await ask(method, path.replace('busy', 'over'));

    expect([answer.status, answer.body.code]).toEqual([404, 'call_not_found']);
  });

  it.each(commands)('%s %s is unavailable when the node does not answer', async (method, path) => {
    const answer = await ask(method, path.replace('busy', 'orphan'));

    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
  });

  it.each(commands)("%s %s is not found with a neighbour's key", async (method, path) => {
    const count = received.length;

    const answer = await ask(method, path, theirs.key);

    expect([answer.status, answer.body.code]).toEqual([404, 'call_not_found']);
    expect(received).toHaveLength(count);
  });
});
