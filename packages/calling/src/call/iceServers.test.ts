import type { IceServer, Joined, MediaParameters } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';

const serversOf = (name: string): IceServer[] => [{ urls: ['turn:example.com'], username: name }];

/** Transports that come with servers of their own; with none from a server before version 2.1. */
function mediaOf(name: string, iceServers?: IceServer[]): MediaParameters {
  const { sendTransport, receiveTransport, ...rest } = joined('room', 'connected').media;

  return {
    ...rest,
    sendTransport: { ...sendTransport, id: `send-${name}` },
    receiveTransport: { ...receiveTransport, id: `receive-${name}` },
    ...(iceServers === undefined ? {} : { iceServers }),
  };
}

const joinedWith = (iceServers?: IceServer[]): Joined => ({
  ...joined('room', 'connected'),
  media: mediaOf('joined', iceServers),
});

/** A server whose connections bring servers with credentials that have run out by the time of the call. */
function serverThatLetsIn(answer: Joined): FakeServer {
  const server = new FakeServer();
  server.iceServers = serversOf('welcomed');
  server.on('joinRoom', () => answer);

  return server;
}

/** In a call over transports that came with servers of their own. */
const inCall = () => connectedCall(serverThatLetsIn(joinedWith(serversOf('joined'))));

describe('transports are opened with the ICE servers that come with them', () => {
  it('on entering a call long after the connection was made, whose credentials have run out', async () => {
    const { media } = await inCall();

    expect(media.session.options.iceServers).toEqual(serversOf('joined'));
  });

  it('on being let in from the lobby', async () => {
    const parts = await createTestClient({ server: serverThatLetsIn(joinedWith()) });
    const { client, server, media } = parts;
    const place = { participantId: 'alice-1', resumeToken: 'resume-token-lobby', sequence: 0 };
    server.on('joinRoom', () => ({ action: 'lobby', ...place, call: { id: callId, roomId: 'room-1' } }));
    client.join({ roomId: 'room-1' });
    await nextTurn();

    server.notify('admitted', { callId, joined: { ...joinedWith(serversOf('admitted')), sequence: 1 } });
    await nextTurn();

    expect(media.session.options.iceServers).toEqual(serversOf('admitted'));
  });

  it('on mediaReset, as when a worker dies hours into a call', async () => {
    const { server, media } = await inCall();

    server.notify('mediaReset', { callId, media: mediaOf('reset', serversOf('reset')) });

    expect(media.sessions).toHaveLength(2);
    expect(media.session.options.iceServers).toEqual(serversOf('reset'));
  });

  it('when a mediaReset was missed and a snapshot has them', async () => {
    const { server, media } = await inCall();
    server.forgetToTell('mediaReset', { callId, media: mediaOf('reset', serversOf('reset')) });
    server.on('getSnapshot', () => ({
      sequence: server.sequenceOf(),
      call: joined('room', 'connected').call,
      media: { ...mediaOf('reset', serversOf('snapshot')), encodingsWanted: [] },
    }));

    server.notify('reactionSent', { callId, participantId: 'bob-1', reaction: 'like' });
    await nextTurn();

    expect(media.sessions).toHaveLength(2);
    expect(media.session.options.iceServers).toEqual(serversOf('snapshot'));
  });

  it('after a restart of the server', async () => {
    const { server, media } = await inCall();
    server.on('resume', (data) => {
      const { ice: _, ...rest } = server.resumed(data);

      return { ...rest, action: 'rejoin', media: mediaOf('rejoin', serversOf('rejoin')) };
    });

    server.drop();
    await nextTurn();

    expect(media.sessions).toHaveLength(2);
    expect(media.session.options.iceServers).toEqual(serversOf('rejoin'));
  });
});

describe('transports of a server before version 2.1, with which no ICE servers come,', () => {
  it('are opened with those of the connection', async () => {
    const { media } = await connectedCall(serverThatLetsIn(joinedWith()));

    expect(media.session.options.iceServers).toEqual(serversOf('welcomed'));
  });

  it('are opened with those of the answer on coming back', async () => {
    const { server, media } = await connectedCall(serverThatLetsIn(joinedWith()));
    server.on('resume', (data) => {
      const { ice: _, ...rest } = server.resumed(data);

      return { ...rest, iceServers: serversOf('resume'), action: 'rejoin', media: mediaOf('rejoin') };
    });

    server.drop();
    await nextTurn();

    expect(media.session.options.iceServers).toEqual(serversOf('resume'));
  });
});
