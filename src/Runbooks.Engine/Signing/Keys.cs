using System.Security.Cryptography;

namespace Runbooks.Engine.Signing;

internal static class Keys
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <returns>Null when it is no key over P-256.</returns>
    public static ECDsa? Import(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256)
            {
                return key;
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            // Another algorithm, a damaged key, or a curve that is not known here.
        }

        key.Dispose();
        return null;
    }
}
