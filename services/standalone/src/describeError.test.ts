import { pino } from 'pino';
import { expect, it } from 'vitest';
import { describeError } from './describeError.ts';

it('nothing that a library hangs on an error reaches the log', () => {
  const lines: string[] = [];
  const logger = pino({ serializers: { err: describeError } }, { write: (line) => void lines.push(line) });
  const lost = Object.assign(new Error('terminated'), { code: '57P01', client: { password: 'hunter2' } });
  const error = new Error('schedule disturbed', { cause: Object.assign(lost, { secretKey: 1234567 }) });

  logger.warn({ err: Object.assign(error, { connection: 'postgres://parley:hunter2@db' }) }, 'disturbed');

  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'disturbed',
    err: { type: 'Error', message: 'schedule disturbed', cause: { message: 'terminated', code: '57P01' } },
  });
  expect(lines.join('')).not.toMatch(/hunter2|1234567/);
});

it('an error that is its own cause, and one that is none, are described all the same', () => {
  const error = new Error('round');
  error.cause = error;

  expect(JSON.stringify(describeError(error)).match(/"message":"round"/g)).toHaveLength(5);
  expect(describeError(new AggregateError([new Error('refused')]))).toMatchObject({
    errors: [{ message: 'refused' }],
  });
  expect(describeError('words')).toEqual({ type: 'string', message: 'words' });
});

it('a plain object that has the text of an error, as pg-boss tells of its own, is not "[object Object]"', () => {
  const { message, stack } = new Error('terminated');

  expect(describeError({ message, stack, queue: 'retention', worker: 'w1' })).toEqual({
    type: 'object',
    message,
    stack,
  });
  expect(describeError({ message: 7 })).toMatchObject({ type: 'object' });
  expect(describeError(null)).toEqual({ type: 'object', message: 'null' });
});
