import { useEffect, useRef } from 'react';
import type { LocalVideoStream, RemoteVideoStream, ScalingMode } from '@parley/calling';
import styles from './VideoSurface.module.css';

/** Shows a stream for as long as it is on the page. */
export function VideoSurface({
  stream,
  scalingMode,
}: {
  stream: LocalVideoStream | RemoteVideoStream;
  scalingMode: ScalingMode;
}) {
  const target = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (target.current === null) {
      return undefined;
    }
    // A stream that goes away before its first frame takes its tile's picture with it; there is nothing to say.
    const rendering = stream.render(target.current, scalingMode).catch(() => undefined);

    return () => {
      void rendering.then((renderer) => renderer?.dispose());
    };
  }, [stream, scalingMode]);

  return <div ref={target} className={styles['surface']} />;
}
