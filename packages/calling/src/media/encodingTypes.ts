/** The codecs a picture may be sent in; a server offers AV1 only where its operator wants it. */
export type VideoCodec = 'VP8' | 'VP9' | 'H264' | 'AV1';

/** How a picture is encoded. What cannot be had is left out, and `LocalVideoStream.codec` says what is sent. */
export interface VideoEncodingOptions {
  /**
   * `VP8` by default. Where server or browser do not have it, the first of VP8, VP9, H264 and AV1 that both have. Who
   * cannot receive it sees nothing: VP8 and H264 are in every browser.
   */
  readonly codec?: VideoCodec;
  /**
   * Whether there are several layers, so that each of the others is sent the size they show: simulcast with VP8 and H264,
   * spatial layers within one stream (SVC) with VP9. By default a camera has them and a screen has one layer. AV1 has one.
   */
  readonly simulcast?: boolean;
  /**
   * The layers of each encoding as W3C WebRTC-SVC names them, such as `L1T2`. More than one spatial layer can be had with
   * VP9 alone. Without it VP9 takes `L3T3_KEY` and AV1 `L1T3`; what the browser cannot do is left out.
   */
  readonly scalabilityMode?: string;
}

/** A limit; 0 lifts it. */
export interface MaxConstraint {
  /** At most this; 0 lifts the limit. */
  readonly max: number;
}

/** Limits of what is sent of one picture. */
export interface VideoSendConstraints {
  /** Lines: what is captured with more is scaled down. */
  readonly frameHeight?: MaxConstraint;
  /** Frames a second. */
  readonly frameRate?: MaxConstraint;
  /** Bits a second of all layers together, without what the network adds. */
  readonly bitrate?: MaxConstraint;
}

/** Limits of what a call sends and receives; `call.setConstraints()` says how they are applied. */
export interface MediaConstraints {
  /** Of the camera. */
  readonly video?: { readonly send?: VideoSendConstraints };
  /** Of the shared screen. */
  readonly screenSharing?: { readonly send?: VideoSendConstraints };
  /** Of the microphone, bits a second. */
  readonly audio?: { readonly send?: { readonly bitrate?: MaxConstraint } };
  /**
   * Of everything that is sent, bits a second: sound gets at most a quarter of it, and beside a shared screen the camera a
   * third of the rest.
   */
  readonly send?: { readonly bitrate?: MaxConstraint };
  /**
   * Of the pictures that are received, bits a second, at least 30000. The server sends smaller layers then and, where
   * even these do not fit, fewer pictures.
   */
  readonly receive?: { readonly bitrate?: MaxConstraint };
}
