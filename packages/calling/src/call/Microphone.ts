import { createDeferred, SerialQueue, type Disposable } from '@parley/kit';
import { isOtherDevice } from '../devices/deviceLists.ts';
import { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import type { AudioProcessor } from '../streams/processorTypes.ts';
import { CapturedSound, type Lost } from './CapturedSound.ts';
import { createMicrophoneMachine } from './microphoneMachine.ts';
import { ProcessedSound, type ProcessedSoundOptions } from './ProcessedSound.ts';
import type { Publication } from './Publication.ts';
import type { Publisher } from './Publisher.ts';

interface MicrophoneOptions extends ProcessedSoundOptions {
  muted: boolean;
  /** Leaves it open while it is muted. */
  keepMuted: boolean;
  /** Opens another in place of one that has stopped by itself. */
  replaceDevices: boolean;
  /** Where the processor fails; it is muted otherwise. */
  sendUnprocessed: boolean;
  /** Opens the microphone of the person's choice. */
  open: () => Promise<MediaStreamTrack>;
  onMutedChanged: () => void;
  onAvailableChanged: () => void;
  /** Another was opened in place of one that has stopped by itself. */
  onReplaced: (ended: MediaStreamTrack, next: MediaStreamTrack) => void;
  /** It could not be had, sent, or has stopped by itself and there is no other. */
  onFailed: (error: MediaDeviceError) => void;
}

/**
 * The microphone of one call. It is opened while the call is still being entered, so it waits here for the
 * publisher, or the publisher for it: a person may take any time over the browser's question.
 */
export class Microphone {
  readonly #options: MicrophoneOptions;
  readonly #queue = new SerialQueue('microphone');
  /** Settled when what the call begins with has been taken or has failed, and at the end. */
  readonly #begun = createDeferred<void>();
  readonly #machine = createMicrophoneMachine();
  #isMuted: boolean;
  /** A mute that the server has not confirmed: told again when it is asked for again. */
  #isMuteUntold = false;
  readonly #captured: CapturedSound;
  readonly #sound: ProcessedSound;
  /** Tells whether another was chosen since. */
  #choices = 0;
  #publisher: Publisher | undefined;
  #publication: Publication | undefined;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
    this.#isMuted = options.muted;
    this.#sound = new ProcessedSound(options, () => {
      if (!options.sendUnprocessed) {
        this.setMuted(true).catch(() => {});
      }
      void this.#goOnPlain();
    });
    this.#captured = new CapturedSound({
      stop: (track) => this.#sound.stop(track),
      onEnded: (track) => void this.#replace(track),
      onAvailableChanged: options.onAvailableChanged,
    });
  }

  get processor(): AudioProcessor | undefined {
    return this.#sound.processor;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isAvailable(): boolean {
    return this.#captured.track !== undefined;
  }

  /** Whether it was unplugged and there was no other; with a name, also whether one of another name is in use. */
  isOther(name: string | undefined): boolean {
    return this.#captured.isOther(name);
  }

  /** Tells the track in use, now and whenever it is another, until the returned function is called. */
  watch(watcher: (track: MediaStreamTrack | undefined) => void): Disposable {
    return this.#captured.watch(watcher);
  }

  /** Takes the microphone that is being opened, if one is. Never rejects: a call goes on without one. */
  async start(opening: Promise<MediaStreamTrack> | undefined): Promise<void> {
    try {
      const track = await opening;
      if (track === undefined) {
        return;
      }
      await this.#queue.push(async () => {
        if (!this.isAvailable) {
          await this.#take(track);
        } else {
          // The person was faster elsewhere: another was chosen meanwhile.
          this.#sound.stop(track);
        }
      });
      await this.#synchronize();
    } catch (error) {
      this.#fail(MediaDeviceError.of(error, 'microphone'));
    } finally {
      this.#begun.resolve();
    }
  }

  /** The call is entered: sends what there is, and what comes later. */
  async attach(publisher: Publisher): Promise<void> {
    if (this.#machine.state === 'closed') {
      return;
    }
    this.#publisher = publisher;
    try {
      await this.#synchronize();
    } catch (error) {
      this.#fail(MediaDeviceError.of(error, 'microphone'));
    }
  }

  /**
   * Muting takes hold at once. An unmute opens a microphone where there is none, be it off or one that could not be
   * had; one that fails, or that the server refuses, leaves the microphone muted.
   */
  async setMuted(muted: boolean): Promise<void> {
    if (muted === this.#isMuted && (muted ? !this.#isMuteUntold : this.isAvailable)) {
      return;
    }
    const wasOff = this.#machine.state === 'off';
    this.#changeMuted(muted);
    try {
      if (!muted && !this.isAvailable) {
        // The person is being asked already, or about to be.
        await this.#begun.promise;
        await this.#queue.push(() => this.#turnOn());
      }
      await this.#synchronize();
    } catch (error) {
      this.#changeMuted(true);
      if (wasOff) {
        // The role does not allow it still.
        this.turnOff();
      }
      throw error;
    }
  }

  /** Goes on with another microphone, unless one more is chosen meanwhile; while there is none, this becomes it. One that is off stays off. */
  async switchTo(open: () => Promise<MediaStreamTrack>): Promise<void> {
    this.#choices += 1;
    await this.#goOnWith(open);
  }

  /** Has what is sent changed before, or sends it as it is. */
  async setProcessor(processor: AudioProcessor | undefined): Promise<void> {
    this.#sound.setProcessor(processor);
    await this.#process();
  }

  /** Takes back, when the page is seen again, what the system took while it was not. Never rejects. */
  async setVisible(isVisible: boolean): Promise<void> {
    if (!isVisible) {
      this.#captured.hide();
    } else if (this.#captured.wasTaken) {
      // It is as before where it cannot be had.
      await this.#goOnWith(this.#options.open).catch(() => {});
    }
  }

  /** Turns the microphone off until it is unmuted: the role does not allow it. */
  turnOff(): void {
    if (this.#machine.canGo('off')) {
      this.#machine.go('off');
      this.#publication?.endedByServer();
      this.#publication = undefined;
      this.#drop();
      this.#changeMuted(true);
    }
  }

  /** The server has muted it; an unmute is as good as ever. Nothing happens for a stream that is not of it. */
  pausedByServer(producerId: string): void {
    if (this.#publication?.producerId === producerId) {
      this.#publication.pausedByServer();
      this.#changeMuted(true);
    }
  }

  /** The server has ended what was sent. Nothing happens for a stream that is not of it. */
  endedByServer(producerId: string): void {
    if (this.#publication?.producerId === producerId) {
      this.turnOff();
    }
  }

  /** Turns the microphone off for good; what was sent ends with the call's media. Idempotent. */
  close(): void {
    if (this.#machine.canGo('closed')) {
      this.#machine.go('closed');
    }
    this.#publisher = undefined;
    this.#publication = undefined;
    this.#drop();
    this.#begun.resolve();
  }

  /** No device is to be open while it is muted. */
  get #isToBeOff(): boolean {
    return this.#isMuted && !this.#options.keepMuted;
  }

  async #goOnWith(open: () => Promise<MediaStreamTrack>): Promise<void> {
    const choices = this.#choices;
    if (this.#machine.state !== 'usable' || this.#isToBeOff) {
      return;
    }
    const track = await open();
    if (choices === this.#choices) {
      await this.#queue.push(() => this.#take(track));
      await this.#synchronize();
    } else {
      this.#sound.stop(track);
    }
  }

  /** Opens a microphone where there is none and one is wanted again. */
  async #turnOn(): Promise<void> {
    if (this.#machine.state !== 'closed' && !this.isAvailable && !this.#isMuted) {
      const track = await this.#options.open();
      if (this.#machine.canGo('usable')) {
        this.#machine.go('usable');
      }
      await this.#take(track);
    }
  }

  /** The processor has failed. Never rejects. */
  async #goOnPlain(): Promise<void> {
    try {
      await this.#process();
    } catch {
      // It was closed meanwhile.
    }
  }

  /** Sends what there is as the present processor has it. */
  async #process(): Promise<void> {
    await this.#queue.push(async () => {
      const { track } = this.#captured;
      if (track !== undefined) {
        await this.#take(track);
      }
    });
  }

  /** Goes on with what was captured; what was before is turned off. */
  async #take(track: MediaStreamTrack): Promise<void> {
    const sent =
      this.#machine.state === 'usable' && !this.#isToBeOff ? await this.#sound.process(track) : track;
    const publication = this.#publication;
    try {
      this.#sound.silence(this.#isMuted, sent);
      await publication?.replaceTrack(sent);
    } catch (error) {
      // How it went with a publication that has ended meanwhile does not matter.
      if (this.#publication === publication) {
        const isNew = (each: MediaStreamTrack): boolean =>
          each !== this.#captured.track && each !== this.#sound.track;
        [sent, track].filter(isNew).forEach((each) => this.#sound.stop(each));
        throw error;
      }
    }
    if (this.#machine.state !== 'usable' || this.#isToBeOff) {
      this.#sound.stop(sent);
      this.#sound.stop(track);

      return;
    }
    this.#sound.take(sent, this.#captured.track);
    // Muted meanwhile, perhaps.
    this.#sound.silence(this.#isMuted, sent);
    this.#captured.take(track);
  }

  /** Never rejects: a call goes on without a microphone where there is no other. */
  async #replace(ended: MediaStreamTrack): Promise<void> {
    let next: MediaStreamTrack | undefined;
    try {
      await this.#goOnWith(async () => {
        if (!this.#options.replaceDevices) {
          throw new MediaDeviceError('device_not_found', 'microphone');
        }
        next = await this.#options.open();
        if (this.#captured.track !== ended || !isOtherDevice(ended, next)) {
          this.#sound.stop(next);
          throw new MediaDeviceError('device_not_found', 'microphone');
        }

        return next;
      });
    } catch (error) {
      if (this.#captured.track === ended) {
        const failure = MediaDeviceError.of(error, 'microphone');
        const isUnplugged = this.#options.replaceDevices && failure.code === 'device_not_found';
        this.#fail(failure, isUnplugged ? 'unplugged' : 'taken');
      }
    }
    if (next !== undefined && this.#captured.track === next) {
      this.#options.onReplaced(ended, next);
    }
  }

  #drop(lost?: Lost): void {
    this.#sound.rest();
    this.#captured.drop(lost);
  }

  #fail(failure: MediaDeviceError, lost?: Lost): void {
    if (this.#machine.state !== 'usable') {
      return;
    }
    this.#drop(lost);
    this.#publication?.close().catch(() => {});
    this.#publication = undefined;
    this.#options.onFailed(failure);
  }

  /** Brings what is sent in line with what there is and what is wanted, whatever changed. */
  #synchronize(): Promise<void> {
    return this.#queue.push(async () => {
      const track = this.#sound.track;
      if (this.#publisher === undefined) {
        return;
      }
      if (this.#publication === undefined && track !== undefined) {
        const publication = await this.#publisher.publish('microphone', track, this.#isMuted);
        if (this.#sound.track === undefined) {
          await publication.close();

          return;
        }
        this.#publication = publication;
      }
      // Again, should the server have muted it while it was asked to unmute.
      while (
        this.#publication !== undefined &&
        (this.#publication.isPaused !== this.#isMuted || this.#isMuteUntold)
      ) {
        if (!this.#isMuted && !this.isAvailable) {
          // It is being opened, and comes back here.
          return;
        }
        this.#isMuteUntold = this.#isMuted;
        await (this.#isMuted ? this.#publication.pause() : this.#publication.resume());
        this.#isMuteUntold = false;
      }
    });
  }

  #changeMuted(muted: boolean): void {
    if (muted !== this.#isMuted) {
      this.#isMuted = muted;
      // Silent from this moment on, even while the server has not answered yet what is being sent.
      this.#sound.silence(muted);
      if (this.#isToBeOff) {
        this.#drop();
      }
      this.#options.onMutedChanged();
    }
  }
}
