/** What speaks a protocol that has no kind of its own. */
import { clickHouseHello } from '../../services/clickhouse';
import { secret, type Section } from './section';

export const tcp: Section = ({ clickHouse }) => ({
  clickhouse: {
    host: clickHouse.host,
    port: clickHouse.port,
    tls: { ca: secret('chat-ca') },
    steps: [{ send: clickHouseHello }, { expect: 'ClickHouse', within: '2s', name: 'hello' }],
    warn: { minCertificateValidity: '21d' },
  },
});
