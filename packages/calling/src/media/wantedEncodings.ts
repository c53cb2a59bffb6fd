/**
 * Turns encodings of a sender on and off (W3C WebRTC, `RTCRtpEncodingParameters.active`): one that is off costs its
 * sender neither the work of encoding nor bandwidth.
 *
 * @param wanted The smallest first, whatever order the browser keeps.
 * @returns Whether something is different from before.
 */
export function markWanted(
  encodings: readonly RTCRtpEncodingParameters[],
  wanted: readonly boolean[],
): boolean {
  const bySize = encodings.toSorted(
    (one, other) => (other.scaleResolutionDownBy ?? 1) - (one.scaleResolutionDownBy ?? 1),
  );
  let isDifferent = false;
  for (const [index, encoding] of bySize.entries()) {
    // A server that says nothing of an encoding has no objection to it.
    const active = wanted[index] ?? true;
    isDifferent ||= (encoding.active ?? true) !== active;
    encoding.active = active;
  }

  return isDifferent;
}
