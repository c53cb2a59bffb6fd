/** curl, as far as the guides use it: a bare machine has none. Ends with 22 on an error of HTTP, as curl's --fail. */
const args = process.argv.slice(2);
let method;
let url = '';
const headers = new Headers();
const data = [];
for (let index = 0; index < args.length; index += 1) {
  const argument = args[index] ?? '';
  const next = () => args[(index += 1)] ?? '';
  switch (argument) {
    case '-sS':
      break;
    case '-X':
      method = next();
      break;
    case '-H': {
      const [, name = '', value = ''] = /^([^:]+): *(.*)$/.exec(next()) ?? [];
      headers.set(name, value);
      break;
    }
    case '-d':
      data.push(next());
      break;
    default:
      if (argument.startsWith('-')) {
        throw new Error(`The guides' curl has no option ${argument}.`);
      }
      url = argument;
  }
}
if (data.length > 0 && !headers.has('content-type')) {
  headers.set('content-type', 'application/x-www-form-urlencoded');
}
const answer = await fetch(url, {
  method: method ?? (data.length > 0 ? 'POST' : 'GET'),
  headers,
  ...(data.length > 0 ? { body: data.join('&') } : {}),
});
process.stdout.write(await answer.text());
if (!answer.ok) {
  process.stderr.write(`HTTP ${answer.status} for ${url}\n`);
  process.exitCode = 22;
}
