/** What can break in ClickHouse. */
import { failing, type Fault } from './fault';

const clickhouse = failing('tcp', 'clickhouse');

export const clickHouseFaults: readonly Fault[] = [
  {
    name: 'clickhouse-down',
    title: 'ClickHouse is stopped',
    breaks: 'clickhouse',
    expects: clickhouse('connect_refused', 'infrastructure'),
    async strike({ clickHouse: server }) {
      await server.down();
      return () => server.up();
    },
  },
  {
    name: 'clickhouse-silent',
    title: 'ClickHouse takes connections and answers nothing',
    breaks: 'clickhouse/answers',
    expects: clickhouse('timeout', 'infrastructure'),
    async strike({ clickHouse: server }) {
      server.silence(true);
      return async () => server.silence(false);
    },
  },
  {
    name: 'clickhouse-certificate-untrusted',
    title: 'ClickHouse shows a certificate that it signed itself',
    breaks: 'clickhouse/certificate',
    expects: clickhouse('certificate_untrusted', 'infrastructure'),
    async strike({ clickHouse: server, certificates: { good, selfSigned } }) {
      server.setCertificate(selfSigned);
      return async () => server.setCertificate(good);
    },
  },
];
