/** @throws TypeError for what is no device. */
export function assertDevice(device: { id: string }): void {
  if (typeof (device as Partial<{ id: string }> | null | undefined)?.id !== 'string') {
    throw new TypeError('Choose a device that one of the lists of the device manager named.');
  }
}

/** As above, where none need be named. */
export function assertOptionalDevice(device: { id: string } | undefined): void {
  if (device !== undefined) {
    assertDevice(device);
  }
}
