import OAuth2Server from '@node-oauth/oauth2-server';
import express, { type Request, type Response } from 'express';
import { maxBody } from '../requests/readJson.ts';

const formType = 'application/x-www-form-urlencoded';

const parseForm = express.urlencoded({ extended: false, limit: maxBody });

/**
 * Reads a form as RFC 6749, section 3.2, wants it: no parameter twice, and one without a value is as good as none.
 */
export async function readForm(request: Request, response: Response): Promise<Record<string, string>> {
  if (request.is(formType) === false) {
    throw new OAuth2Server.InvalidRequestError(`The body must be ${formType}.`);
  }
  await new Promise<void>((resolve, reject) => {
    parseForm(request, response, (error: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  const fields = Object.entries((request.body ?? {}) as Record<string, string | string[]>);

  return Object.fromEntries(
    fields.flatMap(([name, value]) => {
      if (typeof value !== 'string') {
        throw new OAuth2Server.InvalidRequestError(`The parameter ${name} is given more than once.`);
      }

      return value === '' ? [] : [[name, value]];
    }),
  );
}
