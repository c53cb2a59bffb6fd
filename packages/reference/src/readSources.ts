import { join } from 'node:path';
import {
  Application,
  Converter,
  ReflectionKind,
  type Context,
  type DeclarationReflection,
  type DocumentReflection,
  type ProjectReflection,
  type Reflection,
} from 'typedoc';
import { describeEvents } from './describeEvents.ts';
import { spellOut } from './spellOut.ts';
import { callingFolder, type Entry } from './places.ts';

/** Priority of a listener that comes after TypeDoc's own. */
const afterSorting = -1000;

export interface Sources {
  readonly app: Application;
  readonly project: ProjectReflection;
}

/**
 * The public members of these entries with what is said about them. TypeDoc asks a compiler for them, which the
 * project's own answers no questions of: it brings one that is used for nothing else.
 */
export async function readSources(
  entries: readonly Entry[],
  documents: readonly string[] = [],
  tsconfig: string = join(callingFolder, 'tsconfig.json'),
): Promise<Sources> {
  const app = await Application.bootstrap({
    name: 'Parley SDK',
    entryPoints: entries.map(({ file }) => file),
    alwaysCreateEntryPointModule: true,
    tsconfig,
    readme: join(callingFolder, 'README.md'),
    projectDocuments: [...documents],
    // The checks have asked the project's own compiler already.
    skipErrorChecking: true,
    logLevel: 'Error',
    validation: false,
    disableGit: true,
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    customCss: join(import.meta.dirname, 'look/look.css'),
    hideGenerator: true,
    githubPages: false,
    lightHighlightTheme: 'light-plus',
    darkHighlightTheme: 'dark-plus',
    navigationLinks: { 'REST API': '/docs', Meeting: '/' },
    kindSortOrder: ['Module', 'Document', 'Variable', 'Class', 'Interface', 'TypeAlias', 'Function'],
    sort: ['kind', 'alphabetical'],
    navigation: { includeCategories: false, includeGroups: false, includeFolders: false },
    // They would be styles that a script writes into the page, which its content security policy refuses.
    visibilityFilters: {},
  });
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, spellOut);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
    nameModules(project, entries);
    forgetInitializers(project);
    nameDocuments(project);
    describeEvents(project);
  });
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project: read }: Context) => keepOrder(read, documents),
    afterSorting,
  );
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors()) {
    throw new Error('TypeDoc could not read the sources; its complaints are above.');
  }

  return { app, project };
}

/** A member that is taken from a schema has no default: TypeDoc takes the schema's initializer for one. */
function forgetInitializers(project: ProjectReflection): void {
  for (const member of project.getReflectionsByKind(ReflectionKind.Property) as DeclarationReflection[]) {
    delete member.defaultValue;
  }
}

/** By what applications import, not by the file. */
function nameModules(project: ProjectReflection, entries: readonly Entry[]): void {
  const modules = project.getChildrenByKind(ReflectionKind.Module);
  for (const module of modules) {
    const source = project.getSymbolIdFromReflection(module)?.fileName ?? module.sources?.[0]?.fullFileName;
    const entry =
      entries.find(({ file }) => file === source) ?? (entries.length === 1 ? entries[0] : undefined);
    if (entry !== undefined) {
      module.name = entry.name;
    }
  }
}

/** By the heading a document begins with, which the page shows once. */
function nameDocuments(project: ProjectReflection): void {
  for (const document of documentsOf(project)) {
    const [first] = document.content;
    const heading = first === undefined ? null : /^\s*# (.+)\n/.exec(first.text);
    if (heading?.[1] !== undefined) {
      document.name = heading[1].replaceAll('`', '');
    }
  }
  const [first] = project.readme ?? [];
  if (first !== undefined) {
    first.text = first.text.replace(/^\s*# .+\n/, '');
  }
}

const documentsOf = (project: ProjectReflection): readonly DocumentReflection[] => project.documents ?? [];

/** As they were given, a first call first, and not by the alphabet. */
function keepOrder(project: ProjectReflection, documents: readonly string[]): void {
  const place = (one: Reflection): number =>
    one.isDocument() ? documents.indexOf(project.files.getReflectionPath(one) ?? '') : -1;
  for (const list of [project.documents, project.childrenIncludingDocuments]) {
    list?.sort((one, other) => place(one) - place(other));
  }
}
