import type { MethodCase } from './MethodCase.ts';

const microphone = { id: 'mic-1', name: '' };
const camera = { id: 'cam-1', name: '' };
const speaker = { id: 'speaker-1', name: '' };

/** The list is of the machine: it may be read without a client, too. */
const list: MethodCase = { late: 'done' };
const noDevice = (): readonly (readonly unknown[])[] => [[], [{}], ['mic-1'], [null], [{ id: 1 }]];
const choice = (device: object): MethodCase => ({
  right: () => [device],
  wrong: noDevice,
  late: 'invalid_state',
});

export const deviceMethods: Readonly<Record<string, MethodCase>> = {
  'DeviceManager.getCameraList': list,
  'DeviceManager.getMicrophoneList': list,
  'DeviceManager.getSpeakerList': list,
  'DeviceManager.getCameras': list,
  'DeviceManager.getMicrophones': list,
  'DeviceManager.getSpeakers': list,
  'DeviceManager.getCamera': list,
  'DeviceManager.getMicrophone': list,
  'DeviceManager.gettMicrophone': list,
  'DeviceManager.getSpeaker': list,
  'DeviceManager.setCamera': choice(camera),
  'DeviceManager.setMicrophone': choice(microphone),
  'DeviceManager.settMicrophone': choice(microphone),
  'DeviceManager.selectMicrophone': choice(microphone),
  'DeviceManager.setSpeaker': choice(speaker),
  'DeviceManager.selectSpeaker': choice(speaker),
  'DeviceManager.askDevicePermission': {
    right: () => [true, true],
    wrong: () => [[], [null], ['Camera'], [1, 1], [true, 'yes'], [{}], [{ audio: 'yes', video: true }]],
    late: 'invalid_state',
  },
  'DeviceManager.getPermissionState': {
    right: () => ['Camera'],
    wrong: () => [[], ['Speaker'], ['camera'], ['toString']],
    late: 'done',
  },
  'DeviceManager.startLevelMeter': {
    wrong: () => [[{}], ['mic-1'], [null]],
    late: 'invalid_state',
  },
  'DeviceManager.startPreheatDevices': { late: 'invalid_state' },
  'DeviceManager.stopPreheatDevices': { late: 'done' },
  'DeviceManager.renderPreviewVideo': {
    right: ({ target }) => [camera, target()],
    wrong: ({ target }) => [
      [],
      [camera],
      [camera, 'body'],
      [camera, {}],
      [camera, target(), 'Large'],
      [{}, target()],
      ['cam-1', target()],
    ],
    late: 'invalid_state',
  },
  'LevelMeter.dispose': { late: 'done' },
  'PreviewRenderer.start': { late: 'invalid_state' },
  'PreviewRenderer.stop': { late: 'done' },
  'PreviewRenderer.switchDevice': {
    right: () => [{ id: 'cam-2', name: '' }],
    wrong: noDevice,
    late: 'invalid_state',
  },
  'PreviewRenderer.takeSnapshot': { late: 'invalid_state' },
  'PreviewRenderer.setScalingMode': {
    right: () => ['Fit'],
    wrong: () => [[], ['Large'], ['toString']],
    late: 'done',
  },
  'PreviewRenderer.dispose': { late: 'done' },
};
