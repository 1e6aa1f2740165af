import { expect, test } from 'vitest'
import { signAcs3 } from '../../../../src/notify/sms/vendors/aliyun.ts'
import { signGateway } from '../../../../src/notify/sms/vendors/gateway.ts'
import { signTc3 } from '../../../../src/notify/sms/vendors/tencent.ts'
import { signTwilio } from '../../../../src/notify/sms/vendors/twilio.ts'

// "V3版本请求体&签名机制" (help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature), 固定参数示例.
test('Aliyun: RunInstances with YourAccessKeyId', () => {
  const { query, headers } = signAcs3(
    {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      action: 'RunInstances',
      version: '2014-05-26',
      query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
      at: Date.parse('2023-10-26T10:22:32Z'),
      nonce: '3156853299f313e23d1673dc12e1703d',
    },
    { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' },
  )
  expect(query).toBe('ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai')
  expect(headers).toEqual({
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
    authorization:
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;' +
      'x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  })
})

// The same page: encoded are a space as %20, `*` as %2A, and `~` stays.
test('Aliyun: what a query may hold', () => {
  const call = { host: 'h', action: 'a', version: 'v', at: 0, nonce: 'n' }
  const { query } = signAcs3({ ...call, query: { b: 'v=a b*c~d/e', a: "透('!')" } }, { id: 'i', secret: 's' })
  expect(query).toBe('a=%E9%80%8F%28%27%21%27%29&b=v%3Da%20b%2Ac~d%2Fe')
})

const DESCRIBE_INSTANCES = {
  service: 'cvm',
  host: 'cvm.tencentcloudapi.com',
  body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  at: 1_551_113_065_000,
}

// "签名方法 v3" (cloud.tencent.com/document/api/213/30654), DescribeInstances; SecretKey is 32 asterisks, as printed.
test('Tencent: cvm DescribeInstances as it is published now', () => {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-tc-action': 'DescribeInstances' }
  const key = { id: `AKID${'*'.repeat(32)}`, secret: '*'.repeat(32) }
  expect(signTc3({ ...DESCRIBE_INSTANCES, headers }, key)).toBe(
    `TC3-HMAC-SHA256 Credential=AKID${'*'.repeat(32)}/2019-02-25/cvm/tc3_request, ` +
      'SignedHeaders=content-type;host;x-tc-action, ' +
      'Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
  )
})

// The same page before 2022, which signed no action.
test('Tencent: the same as it was published before', () => {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  const key = { id: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******', secret: 'Gu5t9xGARNpq86cd98joQYCN3*******' }
  expect(signTc3({ ...DESCRIBE_INSTANCES, headers }, key)).toBe(
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request, ' +
      'SignedHeaders=content-type;host, ' +
      'Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c',
  )
})

// "Security: Validating requests" (twilio.com/docs/usage/security), and RequestValidatorTest of twilio-php and -csharp.
test('Twilio: mycompany.com with the token 12345', () => {
  const fields = {
    To: '+18005551212',
    From: '+14158675309',
    Digits: '1234',
    Caller: '+14158675309',
    CallSid: 'CA1234567890ABCDE',
  }
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  expect(signTwilio('12345', url, fields)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

// Ours, and so made with another implementation: printf '1710992000.{"a":1}' | openssl dgst -sha256 -hmac secret
test('the gateway: what docs/sms.md says', () => {
  expect(signGateway('secret', '1710992000', '{"a":1}')).toBe(
    'v1=d512c20b718f66de5b4a62c5dc9b8b230f3ff81b6631632f31c360264e1d01c5',
  )
})
