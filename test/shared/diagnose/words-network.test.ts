/** What people read at night of network, names and the way to everything. */
import { each, inside, outside, testWords } from './words';

testWords([
  {
    title: 'all inside is lost, and the connector says that it is well',
    seen: { ...each(inside, 'connect_timeout'), cache: 'unreachable' },
    words: `
vpc-connector (high): Nothing gets through the VPC connector staging-connector
- 7 of 7 private targets can't be reached (6 connect_timeout, 1 unreachable)
- 7 of 7 public targets answer
- Google's APIs answer: 6 of their checks could be told
- vpc: the connector itself is well; look at firewall, routes and peering
`,
  },
  {
    title: 'all inside is lost, and nothing else was seen',
    seen: each(inside, 'connect_timeout'),
    unseen: [...outside, 'app', 'vpc', 'sql', 'store', 'wildcard', 'balancer'],
    words: `
vpc-connector (medium): Nothing gets through the VPC connector staging-connector
- 7 of 7 private targets can't be reached (7 connect_timeout)
- no public target was seen to compare with
`,
  },
  {
    title: 'all inside is lost, and one public target answers',
    seen: each(inside, 'connect_timeout'),
    unseen: [...outside.slice(1), 'vpc', 'app', 'sql', 'store', 'wildcard', 'balancer'],
    words: `
vpc-connector (high): Nothing gets through the VPC connector staging-connector
- 7 of 7 private targets can't be reached (7 connect_timeout)
- 1 of 1 public target answers
`,
  },
  {
    title: 'the connector is not ready',
    seen: {
      ...each(inside, 'connect_timeout'),
      vpc: { reason: 'resource_not_ready', message: 'state is ERROR, expected READY', phase: 'api' },
    },
    words: `
vpc-connector (high): The VPC connector staging-connector is not as it should be
- vpc (platform) fails in api with resource_not_ready: state is ERROR, expected READY
- 7 of 7 private targets can't be reached (7 connect_timeout)
- 7 of 7 public targets answer
- Google's APIs answer: 6 of their checks could be told
`,
  },
  {
    title: 'most of what is inside is lost',
    seen: { ...each(inside.slice(1), 'connect_timeout') },
    words: `
vpc-connector (medium): Most does not get through the VPC connector staging-connector
- 6 of 7 private targets can't be reached (6 connect_timeout)
- 7 of 7 public targets answer
- Google's APIs answer: 6 of their checks could be told
- vpc: the connector itself is well; look at firewall, routes and peering
`,
  },
  {
    title: 'nothing at all is reached',
    seen: { ...each([...inside, ...outside], 'connect_timeout') },
    words: `
network (medium): Nothing can be reached, neither private nor public
- 7 of 7 private targets can't be reached (7 connect_timeout)
- 0 of 7 public targets answer
- Google's APIs answer: 6 of their checks could be told
- vpc: the connector itself is well; look at firewall, routes and peering
`,
  },
  {
    title: 'nothing public is reached',
    seen: { ...each(outside, 'connect_timeout'), pay: 'unreachable' },
    words: `
internet (high): No public target can be reached
- 7 of 7 public targets on 5 hosts can't be reached (6 connect_timeout, 1 unreachable)
- 7 of 7 private targets answer: look at the way out (NAT, routes, firewall) and at what stands in front of them all
`,
  },
  {
    title: 'hardly anything public is reached',
    seen: { ...each(outside.slice(0, 6), 'unreachable') },
    words: `
internet (medium): Hardly any public target can be reached
- 6 of 7 public targets on 5 hosts can't be reached (6 unreachable)
- 7 of 7 private targets answer: look at the way out (NAT, routes, firewall) and at what stands in front of them all
`,
  },
  {
    title: 'nothing public is reached, and nothing private was seen',
    seen: each(outside, 'connect_timeout'),
    unseen: inside,
    words: `
internet (medium): No public target can be reached
- 7 of 7 public targets on 5 hosts can't be reached (7 connect_timeout)
- no private target was seen to compare with
`,
  },
  {
    title: 'no name can be looked up',
    seen: { ...each([...outside, 'cache', 'sessions', 'search'], 'dns_unavailable') },
    words: `
dns (high): No name can be looked up
- 10 of 10 targets with a name fail in dns: cache, chat, chat-direct, mail, news and 5 more
- 4 at literal addresses can be reached
`,
  },
  {
    title: 'no private name can be looked up',
    seen: { ...each(['cache', 'sessions', 'search'], 'dns_not_found') },
    words: `
dns (high): No private name can be looked up
- 3 of 3 targets with a private name fail in dns: cache, search, sessions
- 7 others with a name were looked up: look at the private zone and at Cloud DNS in the VPC
- 4 at literal addresses can be reached
`,
  },
  {
    title: 'no public name can be looked up',
    seen: { ...each(outside, 'dns_not_found') },
    words: `
dns (high): No public name can be looked up
- 7 of 7 targets with a public name fail in dns: chat, chat-direct, mail, news, pay and 2 more
- 3 others with a name were looked up: look at the public zone and at its delegation
- 4 at literal addresses can be reached
`,
  },
]);
