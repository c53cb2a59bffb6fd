/**
 * Whether a list without speakers says that there is none. Where a page may choose a speaker the browser lists them, unless
 * the person chooses for the page, as in Firefox: then it lists none but the chosen ones, and those of a microphone in use.
 */
export function listsSpeakers(page: typeof globalThis): boolean {
  // A page that is not secure has no devices at all.
  const mediaDevices: MediaDevices | undefined = page.navigator.mediaDevices;

  return (
    'setSinkId' in page.HTMLMediaElement.prototype &&
    mediaDevices !== undefined &&
    !('selectAudioOutput' in mediaDevices)
  );
}
