import { describe, expect, it } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';

describe('sendDtmf()', () => {
  it('says that there is no telephone leg, to every tone', async () => {
    const { call } = await connectedCall();

    for (const tone of ['0', '9', 'A', 'D', '#', '*', 'Num0', 'Num9', 'Pound', 'Star', 'Flash'] as const) {
      await expect(call.sendDtmf(tone)).rejects.toMatchObject({
        name: 'CallError',
        code: 'not_supported',
        message: 'There is no telephone leg that tones could be sent to.',
      });
    }
  });

  it('takes a tone and nothing else', async () => {
    const { call } = await connectedCall();

    for (const wrong of ['', 'E', 'a', '12', 'Num10', '1\n', 1.5, undefined]) {
      await expect(call.sendDtmf(wrong as never)).rejects.toThrow(TypeError);
    }
  });

  it('is refused after the end of the call', async () => {
    const { call } = await connectedCall();
    await call.hangUp();

    await expect(call.sendDtmf('1')).rejects.toMatchObject({ code: 'invalid_state' });
  });
});
