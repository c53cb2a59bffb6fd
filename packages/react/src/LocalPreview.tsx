import type { DeviceManager, PreviewRenderer, ScalingMode, VideoDeviceInfo } from '@parley/calling';
import { useEffect, useMemo, useRef } from 'react';
import { useCallClient } from './useCallClient.ts';
import { useLatest } from './useLatest.ts';
import { useResource } from './useResource.ts';
import { VideoBox, type VideoBoxProps } from './VideoBox.tsx';

export interface LocalPreviewProps extends VideoBoxProps {
  /** Without it, the one that the next video starts with. */
  readonly camera?: VideoDeviceInfo | undefined;
  /** `Crop` by default. */
  readonly scalingMode?: ScalingMode | undefined;
  /** True by default, as people know themselves. */
  readonly mirrored?: boolean | undefined;
  /** Told why there is no picture, such as a `MediaDeviceError` `permission_denied`. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Shows a camera of this machine that is sent to nobody. The camera is on as long as the component is mounted.
 *
 * @example
 * <LocalPreview camera={useDevices().camera} onError={setError} className="preview" />
 */
export function LocalPreview({
  camera,
  scalingMode = 'Crop',
  mirrored = true,
  onError,
  className,
  style,
}: LocalPreviewProps) {
  const target = useRef<HTMLDivElement>(null);
  const devices = useCallClient()?.deviceManager;
  const latest = useLatest({ camera, scalingMode, onError });
  const open = useMemo(
    () =>
      devices &&
      ((signal: AbortSignal) => startPreview(devices, target.current, { ...latest.current, signal })),
    [devices, latest],
  );
  const { value: preview, error } = useResource(open);

  useEffect(() => preview?.setScalingMode(scalingMode), [preview, scalingMode]);
  useEffect(() => {
    if (preview !== undefined && camera !== undefined) {
      preview.switchDevice(camera).catch((reason: unknown) => latest.current.onError?.(reason));
    }
  }, [preview, camera, latest]);
  useEffect(() => {
    if (error !== undefined) {
      latest.current.onError?.(error);
    }
  }, [error, latest]);

  return <VideoBox target={target} isFlipped={!mirrored} className={className} style={style} />;
}

interface Start {
  readonly camera: VideoDeviceInfo | undefined;
  readonly scalingMode: ScalingMode;
  readonly signal: AbortSignal;
}

async function startPreview(
  devices: DeviceManager,
  target: HTMLElement | null,
  { camera, scalingMode, signal }: Start,
): Promise<PreviewRenderer> {
  if (target === null) {
    throw new DOMException('The component has no element.', 'AbortError');
  }
  const preview = await devices.renderPreviewVideo(camera, target, scalingMode);
  const giveUp = (): void => preview.dispose();
  signal.addEventListener('abort', giveUp);
  try {
    signal.throwIfAborted();
    await preview.start();
  } catch (error) {
    preview.dispose();
    throw error;
  }

  return preview;
}
