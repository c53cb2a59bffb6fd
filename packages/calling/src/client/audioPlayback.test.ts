import { describe, expect, it } from 'vitest';
import { asMediaStream, FakeStream } from '../testing/fakeMediaStream.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('audio that the browser refuses to play', () => {
  it('is told by the client, and begins with startAudio()', async () => {
    const { client, page, audioOutput } = await createTestClient();
    const told: string[] = [];
    client.on('audioPlaybackBlocked', () => told.push('blocked'));
    client.on('isAudioPlaybackBlockedChanged', () => told.push(String(client.isAudioPlaybackBlocked)));
    page.refusesToPlay = true;
    audioOutput.play(asMediaStream(new FakeStream([])));
    await nextTurn();

    page.refusesToPlay = false;
    await client.startAudio();

    expect(told).toEqual(['true', 'blocked', 'false']);
    expect([...page.body.children]).toMatchObject([{ isPlaying: true }]);
  });

  it('cannot be begun after dispose()', async () => {
    const { client } = await createTestClient();
    await client.dispose();

    await expect(client.startAudio()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('goes on when the page is seen again after an interruption', async () => {
    const { page, audioOutput } = await createTestClient();
    audioOutput.play(asMediaStream(new FakeStream([])));
    const [element] = page.body.children;
    page.setVisibility('hidden');
    element?.pause();

    page.setVisibility('visible');

    expect(element?.isPlaying).toBe(true);
  });
});
