import { ReflectionKind, type Context, type DeclarationReflection } from 'typedoc';

/** `keyof typeof errorTable`, `(typeof roles)[number]`, `z.infer<typeof surveySchema>`. */
const taken = /=\s*(keyof typeof|\(typeof|z\.infer)\b/;

/**
 * Shows a type that is taken from a table or schema of the protocol as what it comes to: the reader cannot see the table, and
 * asks which names there are. TypeDoc has a tag for it, and asks for that when this has been called.
 */
export function spellOut(context: Context, declaration: DeclarationReflection): void {
  if (declaration.kindOf(ReflectionKind.TypeAlias)) {
    const [source] = context.getSymbolFromReflection(declaration)?.declarations ?? [];
    if (source !== undefined && taken.test(source.getText())) {
      declaration.comment?.modifierTags.add('@useDeclaredType');
    }
  }
}
