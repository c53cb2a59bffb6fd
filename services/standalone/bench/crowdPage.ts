/** What the page below offers to the benchmark. */
export interface CrowdBench {
  /** From now on the connections that are made are watched. */
  watch(): void;
  /**
   * When the first packet of sound came over each connection made since, milliseconds of Unix time. Resolves when that is
   * so for each participant of the page.
   */
  heardAt(): Promise<number[]>;
  leave(): Promise<unknown>;
  /** How many have lost the call. */
  lost(): number;
}

declare global {
  interface Window {
    crowd: CrowdBench;
  }
}

interface CrowdOptions {
  readonly sdkUrl: string;
  readonly token: string;
  readonly roomId: string;
  readonly size: number;
  readonly camera: boolean;
  /** How many of them are not muted. */
  readonly speaking: number;
}

/** Several participants in one page, each with a client and connections of their own. */
export const crowdPage = ({
  sdkUrl,
  token,
  roomId,
  size,
  camera,
  speaking,
}: CrowdOptions): string => `<!doctype html>
<title>Crowd</title>
<div id="place" style="width:320px;height:180px"></div>
<script type="module">
  // Nobody listens, and all speak into one microphone: the devices of so many participants would be most of what this
  // machine has to do.
  Object.defineProperty(HTMLAudioElement.prototype, 'srcObject', { set() {} });
  HTMLAudioElement.prototype.play = async () => {};
  if (${size} > 1) {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    navigator.mediaDevices.getUserMedia = async () => microphone.clone();
  }
  import { CallClientFactory } from ${JSON.stringify(sdkUrl)};
  const [clients, calls] = [[], []];
  for (let index = 0; index < ${size}; index += 1) {
    const client = await CallClientFactory.create(${JSON.stringify(token)});
    const call = client.join(
      { roomId: ${JSON.stringify(roomId)} },
      { audioOptions: { muted: index >= ${speaking} }, videoOptions: { camera: ${camera} } },
    );
    await new Promise((done, fail) =>
      call.on('stateChanged', () => {
        if (call.state === 'Connected') done();
        if (call.state === 'Disconnected') fail(new Error(call.callEndReason.message));
      }),
    );
    clients.push(client);
    calls.push(call);
  }
  const { peerConnections } = window.probes;
  const hears = async (connection) =>
    [...(await connection.getStats()).values()].some(
      ({ type, kind, packetsReceived }) => type === 'inbound-rtp' && kind === 'audio' && packetsReceived > 0,
    );
  const receives = (connection) =>
    connection.connectionState === 'connected' &&
    connection.getTransceivers().some(({ currentDirection }) => currentDirection === 'recvonly');
  let watched = new Map();
  let everyoneHears = Promise.withResolvers();
  let first = 0;
  const look = async () => {
    const waiting = peerConnections.slice(first).filter((one) => receives(one) && !watched.has(one));
    await Promise.all(
      waiting.map(async (connection) => {
        if (await hears(connection)) watched.set(connection, Date.now());
      }),
    );
    if (watched.size >= ${size}) everyoneHears.resolve();
    // Each look costs every connection something.
    setTimeout(look, 50);
  };
  void look();
  window.crowd = {
    watch() {
      first = peerConnections.length;
      watched = new Map();
      everyoneHears = Promise.withResolvers();
    },
    heardAt: async () => {
      await everyoneHears.promise;

      return [...watched.values()];
    },
    leave: () => Promise.all(clients.map((client) => client.dispose())),
    lost: () => calls.filter(({ state }) => state !== 'Connected').length,
  };
</script>`;
