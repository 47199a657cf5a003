using System.Text;
using Runbooks.Builtin.Compose;

namespace Runbooks.Builtin.Tests.Compose;

/// <summary>What Compose 1 writes, in the form of Compose 2 (the right side of each is what 2.26 wrote of the same file).</summary>
public sealed class ComposeOutputTests
{
    [Theory]
    [InlineData("command: sh -c 'exec run \"$$X\"' \\; a\\ b \"c \\\"d\"", """{"command":["sh","-c","exec run \u0022$$X\u0022",";","a b","c \u0022d"]}""")]
    [InlineData("entrypoint: run", """{"entrypoint":["run"]}""")]
    [InlineData("command: ''", """{"command":[]}""")]
    [InlineData("command: it's", """{"command":"it\u0027s"}""")]
    [InlineData("command: [sh, -c, a b]", """{"command":["sh","-c","a b"]}""")]
    [InlineData("healthcheck: { test: curl -f x, interval: 90s, timeout: 1500ms, start_period: 1h, retries: 3 }", """{"healthcheck":{"test":["CMD-SHELL","curl -f x"],"interval":"1m30s","timeout":"1.5s","start_period":"1h0m0s","retries":"3"}}""")]
    [InlineData("healthcheck: { test: [CMD, 'true'], interval: 200ms, timeout: 0s }", """{"healthcheck":{"test":["CMD","true"],"interval":"200ms","timeout":"0s"}}""")]
    [InlineData("stop_grace_period: 60s", """{"stop_grace_period":"1m0s"}""")]
    [InlineData("mem_limit: 64m", """{"mem_limit":"67108864"}""")]
    [InlineData("shm_size: 1.5GiB", """{"shm_size":"1610612736"}""")]
    [InlineData("deploy: { resources: { limits: { memory: 50M } } }", """{"deploy":{"resources":{"limits":{"memory":"52428800"}}}}""")]
    [InlineData("mem_limit: lots", """{"mem_limit":"lots"}""")]
    [InlineData("extra_hosts: ['peer:10.0.0.1', 'v6:::1', 'a=b']", """{"extra_hosts":["peer=10.0.0.1","v6=::1","a=b"]}""")]
    [InlineData("environment: { timeout: 60s, command: a b, memory: 1m, test: x }", """{"environment":{"timeout":"60s","command":"a b","memory":"1m","test":"x"}}""")]
    [InlineData("labels: { interval: 60s }", """{"labels":{"interval":"60s"}}""")]
    [InlineData("init: true\nuser: 'true'\nnull_value: null", """{"init":true,"user":"true","null_value":null}""")]
    public void It_has_the_form_of_Compose_2(string yaml, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(ComposeOutput.AsJson(Encoding.UTF8.GetBytes(yaml)) ?? []));
}
