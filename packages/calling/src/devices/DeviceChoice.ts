import type { VideoDeviceInfo } from './deviceTypes.ts';

interface DeviceChoiceOptions {
  /** Of an earlier visit. */
  chosenId: string | undefined;
  /** Whether another may be opened where it is not there. */
  replaceDevices: boolean;
  remember: (id: string) => void;
  onSelectedChanged: () => void;
}

/** Of one kind of device: which one the person has chosen, and which one is really taken. */
export class DeviceChoice<Device extends VideoDeviceInfo & { isSystemDefault?: boolean }> {
  readonly #options: DeviceChoiceOptions;
  #chosenId: string | undefined;
  #selected: Device | undefined;
  #list: readonly Device[] = [];

  constructor(options: DeviceChoiceOptions) {
    this.#options = options;
    this.#chosenId = options.chosenId;
  }

  /** The chosen one or, where it is not there, the one that the browser was seen to take. */
  get selected(): Device | undefined {
    return this.#selected;
  }

  /** The chosen one, while it is there. */
  get chosen(): Device | undefined {
    return this.#find(this.#chosenId);
  }

  /** What to open it by. Before the browser says which devices there are, the chosen one is tried. */
  get id(): string | undefined {
    return this.#options.replaceDevices && this.#list.some(({ id }) => id !== '')
      ? this.chosen?.id
      : this.#chosenId;
  }

  /** What is taken now: the chosen one, else the system's choice. Undefined while the browser gives no names. */
  get target(): Device | undefined {
    const target = this.chosen ?? this.#list.find(({ isSystemDefault }) => isSystemDefault);

    return target?.name === '' ? undefined : target;
  }

  choose(device: Device): void {
    this.#chosenId = device.id;
    this.#options.remember(device.id);
    this.#select(device);
  }

  /** The browser has taken this one where it was left the choice. */
  taken(deviceId: string | undefined): void {
    this.#select(this.#find(deviceId) ?? this.#selected);
  }

  update(list: readonly Device[]): void {
    this.#list = list;
    this.#select(this.chosen ?? this.#find(this.#selected?.id));
  }

  #find(wanted: string | undefined): Device | undefined {
    return wanted === undefined ? undefined : this.#list.find(({ id }) => id === wanted);
  }

  #select(device: Device | undefined): void {
    const before = this.#selected;
    this.#selected = device;
    if (before?.id !== device?.id || before?.name !== device?.name) {
      this.#options.onSelectedChanged();
    }
  }
}
