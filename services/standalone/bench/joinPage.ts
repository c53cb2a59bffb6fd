/** What the page below offers to the benchmark; times are milliseconds. */
export interface JoinBench {
  /** Enters the room with a camera and stays. */
  stay(roomId: string): Promise<void>;
  /** From `join()` to the first decoded frame of somebody already there; then leaves. */
  join(roomId: string): Promise<number>;
  /** Calls the user and resolves, when the call is over, with the moment of the call. */
  ring(userId: string): Promise<number>;
  /** The moment of the next incoming call, which is declined. */
  rung(): Promise<number>;
  /** From nothing to the first frame through two peer connections of this page: the least it could be. */
  bareFirstFrame(): Promise<number>;
  /** One HTTP request to a bare server on loopback. */
  bareRequest(): Promise<number>;
}

declare global {
  interface Window {
    bench: JoinBench;
  }
}

/** An application page that measures itself. The camera is open from the start, so no round waits for it. */
export const joinPage = (sdkUrl: string, token: string): string => `<!doctype html>
<title>Bench</title>
<div id="place"></div>
<script type="module">
  import { CallClientFactory } from ${JSON.stringify(sdkUrl)};
  const client = await CallClientFactory.create(${JSON.stringify(token)});
  const camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const place = document.querySelector('#place');
  const now = () => performance.timeOrigin + performance.now();
  const reaches = (call, state) =>
    new Promise((done) => call.on('stateChanged', () => call.state === state && done()));

  const rings = [];
  const waiting = [];
  client.on('incomingCall', (incomingCall) => {
    const at = now();
    const next = waiting.shift();
    next === undefined ? rings.push(at) : next(at);
    void incomingCall.reject();
  });

  window.bench = {
    async stay(roomId) {
      const call = client.join({ roomId }, { videoOptions: { camera: true } });
      await new Promise((done) => call.on('localVideoStreamsUpdated', done));
    },
    async join(roomId) {
      const begun = performance.now();
      const call = client.join({ roomId }, { videoOptions: { expectedVideos: 1 } });
      const elapsedMs = await new Promise((done, fail) => {
        const show = (streams) =>
          streams.forEach((stream) =>
            stream.render(place).then(() => done(performance.now() - begun), fail),
          );
        call.on('remoteParticipantsUpdated', ({ added }) => {
          for (const participant of added) {
            participant.on('videoStreamsUpdated', ({ added }) => show(added));
            show(participant.videoStreams);
          }
        });
      });
      await call.hangUp();
      return elapsedMs;
    },
    async ring(userId) {
      const at = now();
      await reaches(client.call([userId]), 'Disconnected');
      return at;
    },
    rung: () => new Promise((done) => (rings.length > 0 ? done(rings.shift()) : waiting.push(done))),
    async bareFirstFrame() {
      const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
      const video = document.createElement('video');
      video.muted = true;
      const begun = performance.now();
      near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
      far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
      const frame = new Promise((done) => video.requestVideoFrameCallback(done));
      far.ontrack = ({ track }) => {
        video.srcObject = new MediaStream([track]);
        void video.play();
      };
      near.addTrack(camera.getVideoTracks()[0]);
      await near.setLocalDescription();
      await far.setRemoteDescription(near.localDescription);
      await far.setLocalDescription();
      await near.setRemoteDescription(far.localDescription);
      await frame;
      const elapsedMs = performance.now() - begun;
      near.close();
      far.close();
      return elapsedMs;
    },
    async bareRequest() {
      const begun = performance.now();
      await (await fetch(location.href, { cache: 'no-store' })).text();
      return performance.now() - begun;
    },
  };
</script>`;
