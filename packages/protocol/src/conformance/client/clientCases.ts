import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame, expectThat } from '../expectations.ts';
import { clientCase, enter } from './clientCase.ts';
import type { ClientDriver } from './ClientDriver.ts';
import { laterVersion } from './laterVersion.ts';
import { callId, firstToken, participant } from './ScriptedServer.ts';

const secondToken = 'resume-token-number-two';

const listening: readonly ConformanceCase<ClientDriver>[] = [
  clientCase('What is not known is ignored: notifications, fields, reasons.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.tellRaw({ name: 'somethingNew', data: { planet: 'Mars' } });
    server.tell('somethingNewInTheCall', { planet: 'Mars' });
    server.tell('participantJoined', { participant: { ...participant('carol'), planet: 'Mars' } });
    await driver.until(() => client.view().others.includes('carol'));
    server.tell('participantLeft', { participantId: 'carol', reason: 'went_to_mars' });
    await driver.until(() => !client.view().others.includes('carol'));
    expectSame(server.askedFor('getSnapshot').length, 0, 'Snapshots asked for');
  }),
  clientCase(
    'A gap in the numbers is made up for by a snapshot, in which nobody leaves who stayed.',
    async (stage) => {
      const { driver, server, client } = stage;
      await enter(stage);
      server.on('getSnapshot', () => ({
        sequence: server.sequence,
        call: server.snapshot('bob', 'carol', 'dave'),
      }));
      const before = client.view().changes.length;
      server.sequence += 1;
      server.tell('participantJoined', { participant: participant('dave') });
      await server.whenAsked('getSnapshot');
      await driver.until(() => client.view().others.length === 3);
      expectSame(client.view().changes.slice(before).toSorted(), ['+carol', '+dave'], 'Who came and went');
      server.tell('participantLeft', { participantId: 'carol', reason: 'hangup' });
      await driver.until(() => !client.view().others.includes('carol'));
      expectSame(server.askedFor('getSnapshot').length, 1, 'Snapshots asked for');
    },
  ),
  clientCase('A number that came before is a repetition.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    const joined = {
      name: 'participantJoined',
      data: { callId, participant: participant('carol') },
      sequence: 1,
    };
    server.tellRaw(joined);
    server.tellRaw({
      name: 'participantLeft',
      data: { callId, participantId: 'carol', reason: 'hangup' },
      sequence: 2,
    });
    await driver.until(() => client.view().changes.includes('-carol'));
    server.tellRaw(joined);
    await driver.settle();
    expectSame(client.view().others, ['bob'], 'Who is there');
    expectSame(server.askedFor('getSnapshot').length, 0, 'Snapshots asked for');
  }),
  clientCase('The end of a call is its end, with the reason that was told.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.tell('callEnded', { reason: 'removed' });
    await driver.until(() => client.view().state === 'over');
    expectSame(client.view().endReason, 'removed', 'The reason');
  }),
];

const comingBack: readonly ConformanceCase<ClientDriver>[] = [
  clientCase(
    'After a loss resume goes first; what was asked meanwhile waits for its answer.',
    async (stage) => {
      const { driver, server, client } = stage;
      await enter(stage);
      server.tell('participantJoined', { participant: participant('carol') });
      await driver.until(() => client.view().others.includes('carol'));
      server.held.add('resume');
      const { changes } = client.view();
      server.cut();
      await driver.until(() => client.view().state === 'reconnecting');
      const holding = client.hold();
      const resume = await server.whenAsked('resume');
      expectSame(resume.data, { callId, resumeToken: firstToken, sequence: 1 }, 'What is asked');
      await driver.settle();
      const over = server.asked.filter(({ connection }) => connection === resume.connection);
      expectSame(
        over.map(({ name }) => name),
        ['resume'],
        'Requests before the answer',
      );
      resume.answer(server.caughtUp(secondToken));
      await server.whenAsked('holdCall');
      await holding;
      expectSame(client.view().changes, changes, 'Who came and went in the eyes of the application');
      expectSame(new Set(server.auths.map(({ clientId }) => clientId)).size, 1, 'Names of the client');
    },
  ),
  clientCase(
    'A request that was not answered comes again under the same id, after resume.',
    async (stage) => {
      const { server, client } = stage;
      await enter(stage);
      server.on('resume', () => server.caughtUp(secondToken));
      server.held.add('holdCall');
      const holding = client.hold();
      const first = await server.whenAsked('holdCall');
      server.held.delete('holdCall');
      server.cut();
      const second = await server.whenAsked('holdCall', 2);
      await holding;
      expectThat(first.requestId !== undefined, 'A request has an id');
      expectSame(second.requestId, first.requestId, 'The id');
      expectThat(second.connection > first.connection, 'The second comes over another connection');
    },
  ),
  clientCase('What was missed is told in order, and the numbers go on after it.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.on('resume', () => ({
      ...server.caughtUp(secondToken),
      missed: [
        { name: 'participantJoined', data: { callId, participant: participant('carol') }, sequence: 1 },
        { name: 'participantLeft', data: { callId, participantId: 'bob', reason: 'hangup' }, sequence: 2 },
      ],
      sequence: 2,
    }));
    server.cut();
    await driver.until(() => client.view().changes.includes('-bob'));
    server.sequence = 2;
    server.tell('participantJoined', { participant: participant('dave') });
    await driver.until(() => client.view().others.includes('dave'));
    expectSame([...client.view().others].toSorted(), ['carol', 'dave'], 'Who is there');
    expectSame(server.askedFor('getSnapshot').length, 0, 'Snapshots asked for');
  }),
  clientCase('A snapshot in the answer stands for all that was missed.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.on('resume', () => ({
      ...server.caughtUp(secondToken),
      snapshot: { sequence: 900, call: server.snapshot('bob', 'carol') },
      sequence: 900,
    }));
    const before = client.view().changes.length;
    server.cut();
    await driver.until(() => client.view().others.includes('carol'));
    expectSame(client.view().changes.slice(before), ['+carol'], 'Who came and went');
    server.sequence = 900;
    server.tell('participantLeft', { participantId: 'bob', reason: 'hangup' });
    await driver.until(() => !client.view().others.includes('bob'));
    expectSame(server.askedFor('getSnapshot').length, 0, 'Snapshots asked for');
  }),
  clientCase('The next loss is resumed with the token of the latest answer.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.on('resume', () => server.caughtUp(secondToken));
    server.cut();
    await server.whenAsked('resume');
    await driver.until(() => client.view().state === 'in the call');
    server.cut();
    const { data } = await server.whenAsked('resume', 2);
    expectSame(data, { callId, resumeToken: secondToken, sequence: 0 }, 'What is asked');
  }),
  clientCase('An answer that was lost is asked for again, with the token that is known.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.held.add('resume');
    server.cut();
    await server.whenAsked('resume');
    server.held.delete('resume');
    server.on('resume', () => server.caughtUp(secondToken));
    server.cut();
    const { data } = await server.whenAsked('resume', 2);
    expectSame(data, { callId, resumeToken: firstToken, sequence: 0 }, 'What is asked');
    await driver.until(() => client.view().state === 'in the call');
  }),
  clientCase('The answer stop is the end of the call, with its reason.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.on('resume', () => ({ action: 'stop', reason: 'ended_for_everyone' }));
    server.cut();
    await driver.until(() => client.view().state === 'over');
    expectSame(client.view().endReason, 'ended_for_everyone', 'The reason');
  }),
  clientCase(
    'A request to enter whose connection is lost comes again under its id, and is resumed then.',
    async (stage) => {
      const { driver, server, client } = stage;
      server.held.add('joinRoom');
      server.on('resume', () => server.caughtUp(secondToken));
      client.joinRoom('room-1');
      const first = await server.whenAsked('joinRoom');
      server.cut();
      const second = await server.whenAsked('joinRoom', 2);
      expectThat(first.requestId !== undefined, 'A request has an id');
      expectSame(second.requestId, first.requestId, 'The id');
      second.answer(server.joined('bob'));
      const { data } = await server.whenAsked('resume');
      expectSame(data, { callId, resumeToken: firstToken, sequence: 0 }, 'What is asked');
      await driver.until(() => client.view().state === 'in the call');
    },
  ),
];

const movingMedia: readonly ConformanceCase<ClientDriver>[] = [
  clientCase('After mediaReset what was sent is sent again, over the new transport.', async (stage) => {
    const { server, client } = stage;
    await enter(stage);
    server.tell('mediaReset', { media: server.newMedia() });
    const { data } = await server.whenAsked('produce', 2);
    const { transportId, source } = data as { transportId: string; source: string };
    expectSame([transportId, source], ['another-send-transport', 'microphone'], 'What is sent');
    expectSame(client.view().others, ['bob'], 'Who is there');
  }),
  clientCase('After rejoin what was sent is sent again, over the new transport.', async (stage) => {
    const { driver, server, client } = stage;
    await enter(stage);
    server.on('resume', () => {
      const { ice: _, ...rest } = server.caughtUp(secondToken);

      return { ...rest, action: 'rejoin', media: server.newMedia() };
    });
    const { changes } = client.view();
    server.cut();
    const { data } = await server.whenAsked('produce', 2);
    const { transportId, source } = data as { transportId: string; source: string };
    expectSame([transportId, source], ['another-send-transport', 'microphone'], 'What is sent');
    await driver.until(() => client.view().state === 'in the call');
    expectSame(client.view().changes, changes, 'Who came and went');
  }),
  clientCase('A redirect is followed: the same is asked where it leads.', async (stage) => {
    const { driver, server, client } = stage;
    const [home = ''] = server.urls;
    // Of the same origin, which every client may be sent to.
    const url = home.endsWith('/') ? `${home}elsewhere` : `${home}/elsewhere`;
    server.on('joinRoom', () =>
      server.connections === 1 ? { action: 'redirect', url } : server.joined('bob'),
    );
    client.joinRoom('room-1');
    await server.whenAsked('joinRoom', 2);
    await driver.until(() => client.view().state === 'in the call');
    expectSame(server.urls.at(-1), url, 'Where it is asked');
  }),
];

/** What every client does. Each case stands by itself, in whatever order they run. */
export const clientCases: readonly ConformanceCase<ClientDriver>[] = [
  ...listening,
  ...comingBack,
  ...movingMedia,
  ...laterVersion,
];
