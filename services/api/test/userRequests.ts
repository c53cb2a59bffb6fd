import request, { type Test } from 'supertest';
import type { TestApi } from './testApi.ts';

/** The requests on users, with the key of one application. */
export interface UserRequests {
  post(body: object): Test;
  patch(id: string, body: object): Test;
  remove(id: string): Test;
  get(path: string): Test;
}

export function userRequests({ app }: TestApi, key: string): UserRequests {
  const headers = { Authorization: key };

  return {
    post: (body) => request(app).post('/v1/users').set(headers).send(body),
    patch: (id, body) => request(app).patch(`/v1/users/${id}`).set(headers).send(body),
    remove: (id) => request(app).delete(`/v1/users/${id}`).set(headers),
    get: (path) => request(app).get(path).set(headers),
  };
}
