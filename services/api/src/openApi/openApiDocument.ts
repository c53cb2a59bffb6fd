import { componentSchemas, operationNames, operations } from '@parley/protocol/rest';
import manifest from '../../package.json' with { type: 'json' };
import { oauthPaths } from './oauthPaths.ts';
import { operationObject, parameters } from './operationObject.ts';
import type { OpenApiDocument, PathItem } from './openApiTypes.ts';
import { headers } from './responses.ts';
import { securitySchemes } from './security.ts';
import { standardPaths } from './standardPaths.ts';

const description = `
Everything a trusted backend needs: users and their tokens, rooms and guest links, calls, and the settings of
applications.

**Credentials** travel as \`Authorization: Bearer …\`. A backend sends an API key (\`sk_…\`); an administrator and a
user send a session token, which they get from \`POST /v1/oauth/token\`; whoever runs the service sends the operator
key. What one application has, another cannot see: it is answered as if it did not exist.

**Errors** are problem documents (RFC 9457) with a stable \`code\`; those of \`/v1/oauth\` have OAuth's own shape.

**Lists** come in pages: pass \`nextCursor\` of one as \`cursor\` to get the next.

**Retries** are safe: every POST that creates takes an \`Idempotency-Key\`. After 429 and 503 wait as long as
\`Retry-After\` says.
`.trim();

const tags: OpenApiDocument['tags'] = [
  { name: 'Users', description: 'Who may call and be called.' },
  { name: 'Tokens', description: 'What users identify themselves with.' },
  { name: 'Anonymous', description: 'Whom people without an account may call.' },
  { name: 'Rooms', description: 'Places to meet, and the links that let guests in.' },
  { name: 'Calls', description: 'Calls that are live, and records of those that ended.' },
  { name: 'Own', description: 'What users ask for themselves, with their own token.' },
  { name: 'Applications', description: 'The tenants of the service, their keys and limits.' },
  { name: 'Audit', description: 'Who did what.' },
  { name: 'Signing keys', description: 'What session tokens are signed with.' },
  { name: 'OAuth', description: 'Signing in and out, by the standards.' },
  { name: 'Service', description: 'For those who run it.' },
];

/** The REST API as OpenAPI 3.1, drawn from the schemas that requests and answers are checked with. */
export function openApiDocument(publicUrl: string): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley REST API',
      version: manifest.version,
      summary: 'Self-hosted group calling.',
      description,
    },
    // The page at /docs tries calls at the first one: where it was opened, by whatever name.
    servers: [
      { url: '/', description: 'Where this document was read' },
      { url: publicUrl, description: 'The public URL' },
    ],
    tags,
    paths: { ...operationPaths(), ...oauthPaths, ...standardPaths },
    components: {
      schemas: bodySchemas(),
      headers,
      parameters,
      securitySchemes,
    },
  };
}

/** Queries are spelt out as the parameters of their operations, and forms with the fields of their examples. */
const spelledOut = /Query$|^(?:Token|Revoke)Request$/;

function bodySchemas(): OpenApiDocument['components']['schemas'] {
  return Object.fromEntries(Object.entries(componentSchemas()).filter(([name]) => !spelledOut.test(name)));
}

function operationPaths(): Record<string, PathItem> {
  const paths: Record<string, PathItem> = {};
  for (const name of operationNames) {
    const { path, method } = operations[name];
    paths[path] = { ...paths[path], [method]: operationObject(name) };
  }

  return paths;
}
