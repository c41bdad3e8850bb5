/** Text from outside in Markdown: it reads as it came, and GitHub makes nothing of it. */
import { code, issueText, plain } from '../../../shared/verify/report/markdown-text';

const hash = 'a5c3785ed8d6a35868bc169f07e40e889087fd2e';

test.each([
  ['<b>', String.raw`\<b\>`],
  ['a_b*c', String.raw`a\_b\*c`],
  ['1. not a list', String.raw`1\. not a list`],
  ['- not a list', String.raw`\- not a list`],
  ['# no heading', String.raw`\# no heading`],
  ['a\nb', 'a b'],
  ['a `b` c', 'a `b` c'],
  ['removes `A` or `B: {c}`. Check (`D`)', 'removes `A` or `B: {c}`. Check (`D`)'],
  ['`a|<b>`', '`a¦<b>`'],
  ['x`b`, `c', 'x\\`b\\`, \\`c'],
  ['`a`.b `c`', '\\`a\\`.b `c`'],
  ['took 1234567 ms of 2000000', 'took 1234567 ms of 2000000'],
  ['a defaced facade', 'a defaced facade'],
  ['name@', 'name@'],
  ['weigh-12', 'weigh-12'],
])('%j is written as %j', (text, expected) => expect(plain(text)).toBe(expected));

test.each([
  ['hi @team', 'hi `@team`'],
  ['é@team', '`é@team`'],
  ['probe@example.com said no', '`probe@example.com` said no'],
  ['fixes #12.', 'fixes `#12`.'],
  ['fixes GH-12, gh-13', 'fixes `GH-12`, `gh-13`'],
  ['(see team/repo#12)', '(see `team/repo#12`)'],
  [`since ${hash}`, `since \`${hash}\``],
  [`team/repo@${hash}:`, `\`team/repo@${hash}\`:`],
  ['since a5c3785', 'since `a5c3785`'],
  ['GET https://x.example/a_b: 500', 'GET `https://x.example/a_b`: 500'],
  ['"ftp://x.example"', '"`ftp://x.example`"'],
  ['no WWW.x.example', 'no `WWW.x.example`'],
  ['parameter $1 of $a$', 'parameter `$1` of `$a$`'],
  ['`#12` ``@a``', '`#12` ``` ``@a`` ```'],
  ['`b`.@team `c`#1', '`` `b`.@team `` `` `c`#1 ``'],
  ['<a|@b>', '`<a¦@b>`'],
])('%j, which GitHub would make something of, stands in code: %j', (text, expected) => expect(plain(text)).toBe(expected));

test.each([
  ['plain', '`plain`'],
  ['a `b` c', '`` a `b` c ``'],
  ['``', '``` `` ```'],
  ['a|b', '`a¦b`'],
  ['', '`  `'],
])('%j is the code span %j', (text, expected) => expect(code(text)).toBe(expected));

test.each([
  ['#1278', '#1278'],
  ['GH-1278', 'GH-1278'],
  ['team/repo#12', 'team/repo#12'],
  ['https://tracker.example/issues/12', 'https://tracker.example/issues/12'],
  ['outage of <May>, #12 and #13', String.raw`outage of \<May\>, #12 and #13`],
  ['@team', '`@team`'],
  ['https://x.example/)[a](b', '`https://x.example/)[a](b`'],
])('an issue that is %j stays a reference where it is one: %j', (issue, expected) => expect(issueText(issue)).toBe(expected));
