import type { MediaStatsSample } from '@parley/calling/stats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watch } from './support/chronicle.ts';
import { encryptedApplication, openEncryptedPage, serveEncryption } from './support/encryptedPage.ts';
import { missingForFirefox, openInFirefox } from './support/firefox.ts';
import { createFirefoxWorld, type FirefoxWorld, type Pages } from './support/firefoxWorld.ts';
import { alice, bob, type Person } from './support/people.ts';
import { hears, sees, seesColoursChange } from './support/perceive.ts';
import { received } from './support/probes.ts';
import type { Tab } from './support/Tab.ts';
import { userToken } from './support/tokens.ts';
import { untried } from './support/untried.ts';

const poll = { timeout: 20_000, interval: 250 } as const;
const camera = { videoOptions: { camera: true } };
const key = Array.from({ length: 32 }, (_, index) => index * 7);
const otherKey = key.map((byte) => byte ^ 1);
const missing = missingForFirefox();
const why = untried(missing);
let world: FirefoxWorld;

function useWorld(): void {
  beforeAll(async () => {
    world = await createFirefoxWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
}

describe.skipIf(missing !== undefined)('in Firefox', why, () => {
  useWorld();

  it('figures are what is sent and received, and what the browser does not count is left out', async () => {
    await using stack = new AsyncDisposableStack();
    const { alice: other, bob: page } = await world.meet(stack, camera);
    await watch(page, alice.name);
    // What nobody sees is not sent.
    await watch(other, bob.name);

    const sample = await steadySample(page);

    const idOfAlice = await page.evaluate(() => window.application.person('Alice')?.endpointId);
    const sent = sample.video.send.find(({ framesPerSecond = 0 }) => framesPerSecond > 0);
    expect(sent).toMatchObject({ source: 'camera', endpointId: undefined, codec: 'video/VP8' });
    expect(sent?.bitrate).toBeGreaterThan(1_000);
    expect(sample.audio.send).toMatchObject([{ source: 'microphone', codec: 'audio/opus' }]);
    expect(sample.video.receive).toMatchObject([
      { source: 'camera', endpointId: idOfAlice, codec: 'video/VP8' },
    ]);
    const [picture] = sample.video.receive;
    expect((picture?.frameWidth ?? 0) / (picture?.frameHeight ?? 1)).toBeCloseTo(640 / 360);
    expect(sample.audio.receive).toMatchObject([{ source: 'microphone', endpointId: idOfAlice }]);
    expect(sample.audio.receive[0]?.jitterBufferDelay).toBeLessThan(5);
    const path = { localCandidateType: 'host', remoteCandidateType: 'host', protocol: 'udp' };
    expect(sample.transports).toMatchObject([
      // Firefox knows how much there is room for, and tells no page.
      { ...path, direction: 'send', availableOutgoingBitrate: undefined },
      { ...path, direction: 'receive', availableOutgoingBitrate: undefined },
    ]);
    expect(sample.transports[0]?.outgoingBitrate).toBeGreaterThan(1_000);
    expect(sample.transports[1]?.incomingBitrate).toBeGreaterThan(1_000);
    expect(sample.transports[1]?.currentRoundTripTime).toBeLessThan(1);
  });

  it('nothing is said to be wrong with devices that work, and speaking while muted is found out', async () => {
    await using stack = new AsyncDisposableStack();
    const { bob: page } = await world.meet(stack, camera);

    const told = await page.evaluate(async () => {
      const { UserFacingDiagnostics } = await window.application.load('diagnostics');
      const { call } = window.application;
      const { media } = call.feature(UserFacingDiagnostics);
      const changes: string[] = [];
      const raised = new Promise<void>((resolve) => {
        media.on('diagnosticChanged', ({ diagnostic, value }) => {
          changes.push(`${diagnostic} ${value}`);
          if (diagnostic === 'speakingWhileMicrophoneIsMuted') {
            resolve();
          }
        });
      });
      await call.mute();
      await raised;
      await call.unmute();

      return changes;
    });

    expect(told).toEqual(['speakingWhileMicrophoneIsMuted true', 'speakingWhileMicrophoneIsMuted false']);
  });

  it('the pre-call test finds a supported browser, its devices, the ways to the server and the bandwidth', async () => {
    await using stack = new AsyncDisposableStack();
    const { bob: page } = await world.meet(stack, camera);

    const outcome = await page.evaluate(async () => {
      const { startPreCallTest } = await window.application.load('precall');
      const { call, client } = window.application;
      await call.hangUp();
      const test = startPreCallTest(client);

      return {
        support: await test.browserSupport,
        access: await test.deviceAccess,
        devices: await test.deviceEnumeration,
        ways: await test.reachability,
        bandwidth: await test.bandwidth,
        found: await test.inCallDiagnostics,
        figures: await test.callMediaStatistics,
        isMicrophoneGranted: (await navigator.permissions.query({ name: 'microphone' })).state === 'granted',
      };
    });

    expect(outcome.support).toEqual({ browser: 'Supported', missing: [] });
    expect(outcome.access.audio).toBe(outcome.isMicrophoneGranted);
    expect(outcome.devices).toMatchObject({ microphone: 'Available', camera: 'Available' });
    expect(outcome.ways).toMatchObject({
      udp: { state: 'Reachable' },
      tcp: { state: 'Reachable' },
      relay: { state: 'NotOffered', cause: 'no_turn_server' },
    });
    expect(outcome.bandwidth.up?.kbps).toBeGreaterThan(100);
    expect(outcome.bandwidth.down?.kbps).toBeGreaterThan(100);
    expect(outcome.found).toMatchObject({ connected: true, cause: undefined });
    expect(outcome.figures.path).toEqual({ protocol: 'udp', isRelayed: false });
  });
});

describe.skipIf(missing !== undefined)('encrypted between Firefox and Chromium', why, () => {
  useWorld();

  it('each sees and hears the other', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await meetEncrypted(stack, { alice: key, bob: key });

    await show(pages.bob, alice);
    await show(pages.alice, bob);
    await sees(pages.bob, alice);
    await seesColoursChange(pages.alice, bob.name);
    await hears(pages.bob, alice);
    await hears(pages.alice, bob);
    expect(await stateOf(pages.bob, alice)).toBe('Encrypted');
    expect(await stateOf(pages.alice, bob)).toBe('Encrypted');
  });

  it.each(['Firefox', 'Chromium'])(
    'with a wrong key %s decodes no frame until the right one comes',
    async (who) => {
      await using stack = new AsyncDisposableStack();
      const isFirefox = who === 'Firefox';
      const [viewer, other] = isFirefox ? (['bob', alice] as const) : (['alice', bob] as const);
      const pages = await meetEncrypted(stack, { alice: key, bob: key, [viewer]: otherKey });
      const page = pages[viewer];
      await show(page, other);

      await expect.poll(() => stateOf(page, other), poll).toBe('DecryptionFailed');
      expect((await received(page)).framesDecoded.reduce((sum, frames) => sum + frames, 0)).toBe(0);

      await page.evaluate((bytes) => window.encrypted.encryption?.setKey(Uint8Array.from(bytes)), key);
      await (isFirefox ? sees(page, other) : seesColoursChange(page, other.name));
      await hears(page, other);
      expect(await stateOf(page, other)).toBe('Encrypted');
    },
  );
});

/** The first with moving pictures and sound both ways. */
function steadySample(page: Tab): Promise<MediaStatsSample> {
  return page.evaluate(async () => {
    const { MediaStats } = await window.application.load('stats');
    const collector = window.application.call.feature(MediaStats).createCollector();

    return new Promise<MediaStatsSample>((resolve, reject) => {
      let rates = '';
      setTimeout(() => reject(new Error(`Not everything flows: ${rates}.`)), 30_000);
      collector.on('sampleReported', (sample) => {
        const { audio, video } = sample;
        rates = JSON.stringify([audio, video]);
        const flows = ({ bitrate = 0 }: { bitrate: number | undefined }): boolean => bitrate > 1_000;
        const lists = [audio.send, audio.receive, video.send, video.receive];
        if (lists.every((rows) => rows.some(flows))) {
          collector.dispose();
          resolve(sample);
        }
      });
    });
  });
}

async function meetEncrypted(
  stack: AsyncDisposableStack,
  keys: Readonly<Record<keyof Pages, readonly number[]>>,
): Promise<Pages> {
  const { platform, chromium, firefox } = world;
  const token = await userToken(platform, 'alice');
  const ofAlice = stack.use(await openEncryptedPage({ platform, browser: chromium, token, key: keys.alice }));
  const html = encryptedApplication(platform.demo.room.id, {
    token: await userToken(platform, 'bob'),
    key: keys.bob,
  });
  const { page } = stack.use(await openInFirefox(firefox, html, await serveEncryption()));
  stack.defer(() => page.evaluate(() => window.encrypted.client.dispose()));
  await page.waitForFunction(() => window.encrypted?.call.state === 'Connected');

  return { alice: ofAlice.page, bob: page };
}

/** Asks for the picture of somebody, which may never come. */
async function show(page: Tab, { name }: Person): Promise<void> {
  await page.waitForFunction((who) => (window.encrypted.person(who)?.videoStreams.length ?? 0) > 0, name);
  await page.evaluate((who) => void window.encrypted.show(who, 640, 360).catch(() => {}), name);
}

const stateOf = (page: Tab, { name }: Person): Promise<string | undefined> =>
  page.evaluate((who) => {
    const application = window.encrypted;

    return application.encryption?.stateOf(application.person(who)?.endpointId ?? '');
  }, name);
