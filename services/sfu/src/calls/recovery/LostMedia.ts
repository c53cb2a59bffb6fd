import { ProtocolError, type MediaParameters } from '@parley/protocol';
import type { ParticipantMedia } from '../../media/mediaTypes.ts';

/**
 * Stands for media that was lost with the process until its participant is back: their client has nothing to ask of
 * it, and what others do to them concerns what is known of their producers alone.
 */
export class LostMedia implements ParticipantMedia {
  get parameters(): MediaParameters {
    throw lost();
  }

  get moving(): undefined {
    return undefined;
  }

  get state(): undefined {
    return undefined;
  }

  async produce(): Promise<never> {
    throw lost();
  }

  async consume(): Promise<never> {
    throw lost();
  }

  async produceData(): Promise<never> {
    throw lost();
  }

  async restartIce(): Promise<never> {
    throw lost();
  }

  async pauseProducer(): Promise<void> {}
  async resumeProducer(): Promise<void> {}
  closeProducer(): void {}
  resizeProducer(): void {}
  async resumeConsumers(): Promise<void> {}
  async pauseConsumers(): Promise<void> {}
  closeConsumers(): void {}
  async setViewports(): Promise<void> {}
  async setMaxReceiveBitrate(): Promise<void> {}
  async setOnHold(): Promise<void> {}
  allowData(): void {}
  close(): void {}
}

function lost(): ProtocolError {
  return new ProtocolError('unavailable', 'The media was lost and is not there again yet.');
}
