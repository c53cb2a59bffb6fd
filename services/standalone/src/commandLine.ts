/** What `npm start` was asked to do. Throws a sentence for an argument it does not know. */
export function parseCommandLine(args: readonly string[]): 'start' | 'help' {
  const isHelp = (argument: string): boolean => argument === '--help' || argument === '-h';
  const unknown = args.find((argument) => !isHelp(argument));
  if (unknown !== undefined) {
    throw new Error(
      `npm start knows no argument "${unknown}"; settings are environment variables, see npm start -- --help.`,
    );
  }

  return args.some(isHelp) ? 'help' : 'start';
}
