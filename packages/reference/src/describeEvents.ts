import { Comment, ReflectionKind, type DeclarationReflection, type ProjectReflection } from 'typedoc';
import { membersOf } from './members.ts';

/**
 * An event that tells of a property, `stateChanged` of `state`, means what every such event means, and no more: it is
 * described where the property is. What else an event may be, its own docstring says.
 */
export function describeEvents(project: ProjectReflection): void {
  const declared = project.getReflectionsByKind(
    ReflectionKind.Class | ReflectionKind.Interface | ReflectionKind.TypeAlias,
  ) as DeclarationReflection[];
  for (const events of declared) {
    const owner = declared.find(({ name }) => `${name}Events` === events.name);
    if (owner !== undefined) {
      events.comment ??= commentOf(`What [[${owner.name}]] tells, and what listeners are given.`, owner);
      for (const event of membersOf(events)) {
        describeEvent(event, owner);
      }
    }
  }
}

function describeEvent(event: DeclarationReflection, owner: DeclarationReflection): void {
  const [, name, way] = /^(\w+?)(Changed|Updated)$/.exec(event.name) ?? [];
  const property = membersOf(owner).find((member) => member.name === name);
  if (event.comment === undefined && property !== undefined) {
    const text = `[[${owner.name}.${property.name}]] ${
      way === 'Updated' ? 'has other members: those that came and those that went.' : 'has a new value.'
    }`;
    event.comment = commentOf(text, property);
  }
}

/** A sentence in which what stands in double brackets leads to `target`. */
function commentOf(sentence: string, target: DeclarationReflection): Comment {
  const [before = '', name = '', after = ''] = sentence.split(/\[\[|\]\]/);

  return new Comment([
    { kind: 'text', text: before },
    { kind: 'inline-tag', tag: '@link', text: name, target },
    { kind: 'text', text: after },
  ]);
}
