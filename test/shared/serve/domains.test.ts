import domain from 'node:domain';
import { avoidDomains } from '../../../shared/serve/domains';
import { host } from '../../support/framework';

test('the framework runs a request in no domain, so that Node hooks no promise of it', async () => {
  avoidDomains();
  const seen: unknown[] = [];
  const hosted = await host('any', async (_, response) => {
    await Promise.resolve();
    seen.push((process as { domain?: unknown }).domain ?? null, domain.create() instanceof domain.Domain);
    response.send('ok');
  });
  try {
    expect(await (await fetch(hosted.url)).text()).toBe('ok');
    expect(seen).toEqual([null, false]);
  } finally {
    await hosted.close();
  }
});
