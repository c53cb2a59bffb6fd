import { describe, expect, it, vi } from 'vitest';
import { CallError } from '../errors.ts';
import { browser } from '../testing/browserOfFakes.ts';
import { CallClient } from './CallClient.ts';

const options = { endpoint: 'http://localhost', automatic: { rememberDevices: false } };

describe('a CallClient', () => {
  it('that could not connect may be asked again, and has no agent until then', async () => {
    const callClient = new CallClient(options);
    browser.server.refusal = new CallError('token_expired');
    await expect(callClient.createCallAgent('a token')).rejects.toMatchObject({ code: 'token_expired' });
    await expect(callClient.getDeviceManager()).rejects.toMatchObject({ code: 'invalid_state' });
    browser.server.refusal = undefined;

    expect(await callClient.createCallAgent('another')).toMatchObject({ connectionState: 'Connected' });
  });

  it('refuses what is no credential with a TypeError, and a second agent while the first connects', async () => {
    const callClient = new CallClient(options);
    await expect(callClient.createCallAgent('')).rejects.toThrow(TypeError);
    const first = callClient.createCallAgent('a token');

    await expect(callClient.createCallAgent('a token')).rejects.toMatchObject({ code: 'invalid_state' });
    expect(await callClient.getDeviceManager()).toBe((await first).deviceManager);
  });

  it('makes another agent when the one before was disposed, as for somebody else who signs in', async () => {
    const callClient = new CallClient(options);
    const first = await callClient.createCallAgent('a token');
    await first.dispose();
    const second = await callClient.createCallAgent('another');

    expect(second).not.toBe(first);
    expect(second.connectionState).toBe('Connected');
    await expect(callClient.createCallAgent('a third')).rejects.toMatchObject({ code: 'invalid_state' });
    await callClient.dispose();
    expect(second.connectionState).toBe('Disconnected');
  });

  it('has the name that the token says, and warns where another was asked for', async () => {
    const warn = vi.fn<() => void>();
    const logger = { debug() {}, info() {}, warn, error() {} };
    const callAgent = await new CallClient({ ...options, logger }).createCallAgent('a token', {
      displayName: 'Queen',
    });
    expect([callAgent.displayName, warn.mock.calls.length]).toEqual(['Alice', 1]);

    await new CallClient({ ...options, logger }).createCallAgent('a token', { displayName: 'Alice' });
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('is disposed with its agent, more than once and without one', async () => {
    const callClient = new CallClient(options);
    await callClient.dispose();
    const callAgent = await callClient.createCallAgent('a token');
    await Promise.all([callClient.dispose(), callClient.dispose()]);

    expect(callAgent.connectionState).toBe('Disconnected');
    expect(() => callAgent.startCall(['bob'])).toThrow(expect.objectContaining({ code: 'invalid_state' }));
  });
});
