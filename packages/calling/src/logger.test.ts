import { describe, expect, it, vi } from 'vitest';
import { guardLogger, silentLogger, type Logger, type LogLevel } from './logger.ts';

function createLog() {
  const lines: [LogLevel, string, object | undefined][] = [];
  const at = (level: LogLevel): Logger['info'] => {
    return (message, details) => void lines.push([level, message, details]);
  };
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };

  return { lines, logger };
}

function tellAll(logger: Logger): void {
  logger.debug('one');
  logger.info('two');
  logger.warn('three');
  logger.error('four');
}

describe('a logger', () => {
  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    [undefined, ['info', 'warn', 'error']],
  ] as const)('is told from %s on', (level, told) => {
    const { lines, logger } = createLog();

    tellAll(guardLogger(logger, level));

    expect(lines.map(([heard]) => heard)).toEqual(told);
  });

  it('is called as the application made it', () => {
    class Own implements Logger {
      readonly lines: string[] = [];
      debug(): void {}
      info(message: string): void {
        this.lines.push(message);
      }
      warn(): void {}
      error(): void {}
    }
    const own = new Own();

    guardLogger(own).info('here');

    expect(own.lines).toEqual(['here']);
  });

  it('is not told what looks like a token or a telephone number', () => {
    const { lines, logger } = createLog();
    const details = { callId: '+15551234567', state: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln', sequence: 12_345_678 };

    guardLogger(logger).info('a line', details);

    expect(lines).toEqual([
      ['info', 'a line', { callId: '[redacted]', state: '[redacted]', sequence: 12_345_678 }],
    ]);
  });

  it('that throws breaks nothing, and its error reaches the reporting of the page', () => {
    const thrown: (() => void)[] = [];
    const reporting = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) => thrown.push(run));
    const faulty = {
      ...silentLogger,
      info: () => {
        throw new Error('the disk is full');
      },
    };

    guardLogger(faulty).info('a line');
    reporting.mockRestore();

    expect(thrown).toHaveLength(1);
    expect(() => thrown[0]?.()).toThrow('the disk is full');
  });

  it('that is none, and a level that does not exist, are TypeErrors', () => {
    expect(() => guardLogger({} as Logger)).toThrow(TypeError);
    expect(() => guardLogger(silentLogger, 'trace' as LogLevel)).toThrow(TypeError);
  });
});
