/** Asks the stand-in's APIs as a REST client behind a proxy would. */
import { Agent, request } from 'node:http';
import type { GoogleStandIn } from './stand-in';

/** What an API answered. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * @param url with the API's host, e.g. `http://monitoring.test/v3/projects/p/alertPolicies`.
 * @param authorization the access token's header unless said otherwise.
 */
export async function callApi(
  { proxy, token }: Pick<GoogleStandIn, 'proxy' | 'token'>,
  method: string,
  url: string,
  body?: object,
  authorization = `Bearer ${token}`,
): Promise<RestAnswer> {
  const { hostname, port } = new URL(proxy);
  return new Promise((fulfil, reject) => {
    const asked = request({
      agent: new Agent(),
      hostname,
      port,
      method,
      path: url,
      headers: { host: new URL(url).host, authorization, 'content-type': 'application/json' },
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type']?.startsWith('application/json') === true;
        fulfil({ status: response.statusCode ?? 0, body: isJson ? (JSON.parse(text) as unknown) : text });
      });
    });
    asked.end(body && JSON.stringify(body));
  });
}
