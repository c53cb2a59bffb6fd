import type { LocalVideoStream, ScalingMode } from '@parley/calling';
import { useEffect, useRef, useState } from 'react';
import { Picture, type VideoStream } from './Picture.ts';
import { useLatest } from './useLatest.ts';
import { useObservable } from './useObservable.ts';
import { VideoBox, type VideoBoxProps } from './VideoBox.tsx';

export interface VideoViewProps extends VideoBoxProps {
  /** Undefined shows nothing. */
  readonly stream: VideoStream | undefined;
  /** `Crop` by default. */
  readonly scalingMode?: ScalingMode | undefined;
  /** By default only this page's own camera is, as people know themselves. */
  readonly mirrored?: boolean | undefined;
  /** Told why there is no picture, as `stream.render()` rejects. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Shows a camera or a screen, in an element whose size is that of `className` or `style`. It is received as long as the component
 * is mounted and seen, in a resolution that suits that size. When another stream is given, the picture before stays until the
 * first frame of the new one; give each stream a `key` of its own where that could be taken for somebody else.
 *
 * @example
 * const [camera] = useVideoStreams(participant);
 * return <VideoView key={camera?.id} stream={camera} scalingMode="Fit" className="tile" />;
 */
export function VideoView({
  stream,
  scalingMode = 'Crop',
  mirrored,
  onError,
  className,
  style,
}: VideoViewProps) {
  const target = useRef<HTMLDivElement>(null);
  const [picture] = useState(() => new Picture());
  const isMirroredByItself = useObservable(
    stream as LocalVideoStream | undefined,
    ['sourceChanged'],
    isOwnCamera,
  );
  const latestOnError = useLatest(onError);

  useEffect(() => picture.setScalingMode(scalingMode), [picture, scalingMode]);
  useEffect(() => () => picture.clear(), [picture]);
  useEffect(() => {
    if (stream === undefined || target.current === null) {
      picture.clear();
    } else {
      picture.show(stream, target.current).catch((error: unknown) => latestOnError.current?.(error));
    }
  }, [picture, stream, latestOnError]);

  return (
    <VideoBox
      target={target}
      isFlipped={mirrored ?? isMirroredByItself ?? false}
      className={className}
      style={style}
    />
  );
}

/** What has no camera is somebody else's, or the application's own, which may be something to be read. */
function isOwnCamera(stream: LocalVideoStream): boolean {
  return stream.type === 'Video' && stream.source !== undefined;
}
