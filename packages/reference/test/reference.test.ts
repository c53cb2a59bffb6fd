import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProjectReflection } from 'typedoc';
import { undocumented } from '../src/members.ts';
import { callingEntries, linkedDocuments } from '../src/places.ts';
import { readSources } from '../src/readSources.ts';

/** What has no sentence of its own, and why it needs none. */
const exempt = [
  // The SDK makes these: applications only catch them.
  'CallError.constructor',
  'MediaDeviceError.constructor',
  // It says what its one parameter is.
  'CallClient.constructor',
  // Parts of objects whose own docstrings say all.
  'ChatSender.identity.id',
  'DiagnosticQuality.Bad',
  'DiagnosticQuality.Good',
  'DiagnosticQuality.Poor',
  'IncomingCall.callerInfo.displayName',
  'IncomingCall.callerInfo.identity',
  'MediaConstraints.audio.send',
  'MediaConstraints.audio.send.bitrate',
  'MediaConstraints.receive.bitrate',
  'MediaConstraints.screenSharing.send',
  'MediaConstraints.send.bitrate',
  'MediaConstraints.video.send',
];

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);

describe('the public members of @parley/calling', () => {
  let project: ProjectReflection;
  beforeAll(async () => {
    ({ project } = await readSources(callingEntries()));
  });

  it('each have a docstring, or a line here that says why not', () => {
    expect(undocumented(project)).toEqual(exempt.toSorted());
  });

  it('are of modules that each say what they are for', () => {
    const silent = (project.children ?? []).filter((module) => !module.hasComment());

    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('are of modules by the names that applications import', () => {
    expect((project.children ?? []).map(({ name }) => name).toSorted()).toEqual(
      callingEntries()
        .map(({ name }) => name)
        .toSorted(),
    );
  });
});

describe('the guides', () => {
  it('are listed as the README names them, a first call first', async () => {
    const { project } = await readSources(callingEntries(), linkedDocuments());
    const headings = linkedDocuments().map((path) => /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]);

    expect(headings[0]).toBe('A first call');
    expect(project.documents?.map(({ name }) => name)).toEqual(
      headings.map((heading) => heading?.replaceAll('`', '')),
    );
  });
});

describe('a type that is taken from a table', () => {
  it('is shown as the names that are in the table', async () => {
    const { project } = await readSources(
      [{ name: 'fixture', file: fixture('taken.ts') }],
      [],
      fixture('tsconfig.json'),
    );

    expect(project.getChildByName(['fixture', 'Name'])?.toString()).toBe('TypeAlias Name: "one" | "two"');
  });
});

describe('a member without a docstring', () => {
  it('is named, be it a property, a method, an event or a part of an object, and those that have one are not', async () => {
    const entries = [{ name: 'fixture', file: fixture('undocumented.ts') }];
    const { project } = await readSources(entries, [], fixture('tsconfig.json'));

    expect(undocumented(project)).toEqual([
      'Bare',
      'Bell.method',
      'Bell.part.inner',
      'Bell.property',
      'BellEvents.rang',
      'Failure.code',
      'bareFunction',
    ]);
  });
});
