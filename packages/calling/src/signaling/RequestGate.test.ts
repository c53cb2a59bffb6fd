import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { nextTurn } from '../testing/testClient.ts';
import { NoAnswerError, NotConnectedError, type Request } from './request.ts';
import { RequestGate } from './RequestGate.ts';

/** A server that carries out each request id once, over connections that come and go. */
class Server {
  readonly carriedOut: string[] = [];
  readonly #seen = new Set<string>();
  /** What becomes of a request: it is answered, lost on the way there, or its answer is lost on the way back. */
  fate: 'answered' | 'lost' | 'answerLost' = 'answered';

  readonly request = (async (_name: string, data: { text: string }, options: { requestId: string }) => {
    const { fate } = this;
    if (fate !== 'lost' && !this.#seen.has(options.requestId)) {
      this.#seen.add(options.requestId);
      this.carriedOut.push(data.text);
    }
    await Promise.resolve();
    if (fate !== 'answered') {
      throw new NotConnectedError();
    }

    return { message: data.text };
  }) as unknown as Request;
}

const send = (gate: RequestGate, text: string): Promise<unknown> =>
  gate.request('sendChat', { callId: 'call-1', text });

describe('requests', () => {
  it('are each carried out once, in their order, and answered, however often the connection is lost', async () => {
    const step = fc.constantFrom('request', 'request', 'open', 'lose', 'loseAnswers', 'turn');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const gate = new RequestGate(() => {});
        const server = new Server();
        const answers: Promise<unknown>[] = [];
        let isOpen = false;
        for (const what of steps) {
          if (what === 'request') {
            answers.push(send(gate, String(answers.length)));
          } else if (what === 'turn') {
            await nextTurn();
          } else if (what === 'open' && !isOpen) {
            server.fate = 'answered';
            isOpen = true;
            gate.open(server.request);
          } else if (what !== 'open' && isOpen) {
            // What is asked from here on until the loss is noticed goes nowhere, or its answer does.
            server.fate = what === 'lose' ? 'lost' : 'answerLost';
            answers.push(send(gate, String(answers.length)));
            await nextTurn();
            isOpen = false;
            gate.hold();
          }
        }
        server.fate = 'answered';
        gate.hold();
        gate.open(server.request);
        await Promise.all(answers);

        expect(server.carriedOut).toEqual(answers.map((_, index) => String(index)));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('that the server refuses are not made again', async () => {
    const gate = new RequestGate(() => {});
    let asked = 0;
    gate.open(() => {
      asked += 1;

      return Promise.reject(new CallError('forbidden'));
    });

    await expect(send(gate, 'no')).rejects.toMatchObject({ code: 'forbidden' });
    gate.hold();
    gate.open(() => Promise.reject(new CallError('internal')));
    expect(asked).toBe(1);
  });

  it('to which two connections have no answer fail, those with a deadline of their own at the first', async () => {
    const silences: string[] = [];
    const gate = new RequestGate(() => silences.push('silent'));
    const never: Request = () => Promise.reject(new NoAnswerError());
    const outcomes: string[] = [];
    gate.open(never);
    const patient = send(gate, 'patient').catch((error: CallError) => outcomes.push(`patient ${error.code}`));
    const urgent = gate
      .request('leaveCall', { callId: 'call-1' }, { timeoutMs: 3_000 })
      .catch((error: CallError) => outcomes.push(`urgent ${error.code}`));

    await urgent;
    await nextTurn();
    expect(silences).toEqual(['silent']);
    expect(outcomes).toEqual(['urgent timeout']);
    gate.hold();
    gate.open(never);
    await patient;

    expect(outcomes).toEqual(['urgent timeout', 'patient timeout']);
    expect(silences).toEqual(['silent']);
  });

  it('fail once it is closed, those that wait as well, and answers that come later can be undone', async () => {
    const gate = new RequestGate(() => {});
    const server = new Server();
    const late: unknown[] = [];
    gate.open(server.request);
    const asked = gate.request(
      'leaveCall',
      { callId: 'call-1' },
      { onLateAnswer: (answer) => late.push(answer) },
    );

    gate.close(new CallError('invalid_state'));

    await expect(asked).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(send(gate, 'too late')).rejects.toMatchObject({ code: 'invalid_state' });
    await nextTurn();
    expect(late).toHaveLength(1);
  });

  it('wait in a number that is bounded', async () => {
    const gate = new RequestGate(() => {});
    const waiting = Array.from({ length: 256 }, (_, index) => send(gate, String(index)));

    await expect(send(gate, 'one more')).rejects.toMatchObject({ code: 'unavailable' });
    gate.open(new Server().request);
    await Promise.all(waiting);
  });
});
