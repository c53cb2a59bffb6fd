import { ReflectionKind, type DeclarationReflection, type ProjectReflection } from 'typedoc';

/** What an application can name behind a dot: of a class, an interface, or a type that is written as an object. */
export function membersOf(declaration: DeclarationReflection): readonly DeclarationReflection[] {
  const { children, type } = declaration;

  return children ?? (type?.type === 'reflection' ? (type.declaration.children ?? []) : []);
}

/** The full names, such as `Call.state`, of all public exports and members about which nothing is said. */
export function undocumented(project: ProjectReflection): readonly string[] {
  const roots = (project.children ?? []).flatMap((child) =>
    child.kindOf(ReflectionKind.Module) ? (child.children ?? []) : [child],
  );

  return roots.flatMap((root) => undocumentedIn(root, '')).toSorted();
}

function undocumentedIn(declaration: DeclarationReflection, place: string): readonly string[] {
  const name = place + declaration.name;
  const below = membersOf(declaration).flatMap((member) => undocumentedIn(member, `${name}.`));

  return isDocumented(declaration) || isInherited(declaration) ? below : [name, ...below];
}

/** A method's docstring is its signature's, an accessor's that of its getter, and either may be a type's. */
function isDocumented({ comment, signatures = [], getSignature, setSignature, type }: DeclarationReflection) {
  const accessors = [getSignature, setSignature].filter((signature) => signature !== undefined);
  const ofType = type?.type === 'reflection' ? (type.declaration.signatures ?? []) : [];

  return [{ comment }, ...signatures, ...accessors, ...ofType].some(
    (said) => said.comment?.hasVisibleComponent() ?? false,
  );
}

/** What `Error` brings is described by the language. A constructor that only fills fields says nothing new either. */
function isInherited(declaration: DeclarationReflection): boolean {
  return declaration.flags.isExternal || declaration.flags.isInherited;
}
