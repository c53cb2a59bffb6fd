import type { ConsumerInfo, MediaSource } from '@parley/protocol';

/**
 * The seam between a call's media and what encrypts it. The SDK's own code calls these; what is behind them is in
 * `@parley/calling/e2ee`.
 */
export interface MediaEncryption {
  /** What the peer connections need for it. */
  readonly configuration: RTCConfiguration;
  /**
   * Answers what a sender is to be given to before anything is negotiated for it, which answers what ends it.
   * @throws CallError `not_supported` for a codec that is not encrypted.
   */
  encrypt(source: MediaSource, mimeType: string): (sender: RTCRtpSender) => () => void;
  /**
   * Frames that cannot be decrypted do not come out of the receiver.
   *
   * @param syncGroup As `MediaSession.receive` is given it.
   * @param onReadable Told whether a picture can be decrypted, when that changes: it should not be sent here if not.
   * @returns Ends it.
   */
  decrypt(
    receiver: RTCRtpReceiver,
    consumer: ConsumerInfo,
    syncGroup: string,
    onReadable: (isReadable: boolean) => void,
  ): () => void;
}
